package io.allocmem.launcher.check;

import io.allocmem.arguments.Outlook;
import io.allocmem.control.Reading;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.process.OwnMemory;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PageKind;
import io.allocmem.plan.Preflight;
import io.allocmem.readings.OverheadLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prediction for a plan in one JVM: refusals, which would prevent the start, and warnings about
 * effects of the plan. This is a prediction from outside. The agent checks again inside the JVM
 * with exact values and decides.
 */
final class Assessment {
  private final JvmFacts facts;
  private final HoldPlan plan;
  private final Preflight preflight = new Preflight();
  private final List<String> refusals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Assessment(JvmFacts facts, HoldPlan plan) {
    this.facts = facts;
    this.plan = plan == null ? null : facts.pages().on(plan);
  }

  /**
   * @param plan null for a check of the JVM without a plan
   * @param consent true if the user consents to a plan of most of a machine
   */
  static Assessment of(JvmFacts facts, HoldPlan plan, boolean consent) {
    Assessment assessment = new Assessment(facts, plan);
    if (facts.way() == null) {
      assessment.refusals.add(facts.unattachable());
    }
    if (facts.armed() != null) {
      Stream.ofNullable(facts.armed().caveat()).forEach(assessment.warnings::add);
    }
    if (facts.container().problem() != null) {
      assessment.warnings.add(
          "the memory limit of the container cannot be read from here: "
              + facts.container().problem());
    }
    assessment.assessRoom();
    assessment.warnOfOptions();
    if (plan != null) {
      assessment.assess();
      String large = consent ? null : LargePlan.objection(plan, assessment.preflight);
      Stream.ofNullable(large).forEach(assessment.refusals::add);
    }
    OwnMemory.sentence(facts.process().pid()).ifPresent(assessment.warnings::add);
    return assessment;
  }

  /** Returns the conditions for the plan, as far as known from outside. */
  static Preflight preflight(JvmFacts facts, HoldPlan plan) {
    Assessment assessment = new Assessment(facts, plan);
    assessment.fillPreflight();
    return assessment.preflight;
  }

  /** Returns the course of the plan in sentences, as far as known from outside. */
  List<String> outlook() {
    return Outlook.of(plan, preflight);
  }

  /** Returns sentences with cause and remedy. */
  List<String> refusals() {
    return refusals;
  }

  List<String> warnings() {
    return warnings;
  }

  private void assessRoom() {
    String refusal = facts.room().refusal(facts.process().pid(), facts.options(), plan);
    String warning = facts.measured() ? null : HeapRoom.warning(facts.room(), facts.options());
    Stream.ofNullable(refusal).forEach(refusals::add);
    Stream.ofNullable(warning).forEach(warnings::add);
  }

  private void warnOfOptions() {
    facts
        .options()
        .value("-Djava.system.class.loader=")
        .filter(loader -> facts.way() != PlanWay.ARMED)
        .ifPresent(
            loader ->
                warnings.add(
                    "the system class loader is the application's (%s): unless it has a method appendToClassPathForInstrumentation(String), an attach fails, and JDK 9 and newer do not start with -javaagent"
                        .formatted(loader)));
    if (facts.options().value("-XX:AOTCache=").isPresent()
        && facts.options().value("-javaagent:").isPresent()) {
      warnings.add(
          "this JVM ignores an AOT cache with linked classes, since it has Java agents: make the cache with -XX:-AOTClassLinking, and start the JVM with that option, too");
    }
    List<String> unread = facts.options().unread();
    if (!unread.isEmpty()) {
      warnings.add(
          "options of this JVM cannot be read (%s): an OutOfMemoryError may be fatal, or agents disabled; the agent inside the JVM decides"
              .formatted(String.join(", ", unread)));
    }
  }

  private void assess() {
    fillPreflight();
    if (facts.held().containsKey(plan.name())) {
      refusals.add(Preflight.heldAlready(plan));
    }
    assessPageLibrary();
    if (preflight.capacity == Reading.UNKNOWN) {
      warnings.add(
          "the size of %s cannot be read from outside the JVM: the agent inside decides"
              .formatted(plan.area().capacityToHuman(facts.container().toHuman())));
      return;
    }
    String refusal = preflight.refusal(plan);
    if (refusal != null) {
      refusals.add(refusal);
    } else {
      warnOfExhaustion();
      warnOfOverheadLimit();
      warnOfKernel();
    }
    if (facts.locked() > facts.locks() && !plan.fill().isFull()) {
      warnings.add(
          "this JVM has locked %s of memory (mlock, mlockall), and the kernel keeps these pages: a fill ratio is not enforced there"
              .formatted(Sizes.of(facts.locked() - facts.locks())));
    }
  }

  private void assessPageLibrary() {
    boolean special = plan.pages() != PageKind.NORMAL;
    if (facts.pagesMissing() != null && (special || plan.area() == AreaKind.STACK)) {
      String what =
          special ? plan.wording().option("pages", plan.pages()) + " needs" : "thread stacks need";
      refusals.add(what + " the page library: " + facts.pagesMissing());
    }
  }

  private void fillPreflight() {
    preflight.processors = (int) Math.min(Integer.MAX_VALUE, facts.processors());
    preflight.hugePages = facts.pages().huge();
    preflight.lockable = facts.pages().lockable();
    preflight.containerLimited = facts.container().isLimited();
    preflight.containerCapacity = facts.container().capacity();
    preflight.containerUsed = facts.container().used();
    List<String> fatal = facts.options().fatal();
    preflight.fatalFlag = fatal.isEmpty() ? null : fatal.get(0);
    long own = ownCapacity();
    boolean metered = hasOwnCapacity();
    preflight.capacity = metered ? own : facts.container().capacity();
    // known heap usage includes garbage, and a plan can still use the space of garbage
    preflight.used = metered ? Reading.UNKNOWN : facts.container().used();
    preflight.usedWithGarbage = plan.area().isOnHeap() ? facts.heap().used() : preflight.used;
  }

  private long ownCapacity() {
    return switch (plan.area()) {
      case HEAP, OBJECTS -> facts.heap().max();
      case DIRECT -> facts.directCapacity();
      case METASPACE -> facts.metaspaceCapacity();
      case NATIVE, MAPPED, STACK -> Reading.UNKNOWN;
    };
  }

  /**
   * Returns true if the area has its own limit: heap and direct memory always, metaspace only with
   * a flag.
   */
  private boolean hasOwnCapacity() {
    boolean always = plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT;
    return always || ownCapacity() != Reading.UNKNOWN;
  }

  private void warnOfExhaustion() {
    if (plan.until() != null || plan.limit().isNone() || !hasOwnCapacity()) {
      return;
    }
    double share = (double) takenOf(plan.blockSize()) / plan.blockSize().bytes();
    double takes = asked() * share;
    if (takes > preflight.capacity) {
      warnings.add(
          "the plan takes %s%s, more than %s, %s: the plan will end EXHAUSTED; set a smaller limit, or %s"
              .formatted(
                  Sizes.of((long) takes),
                  share > 1 ? " in whole regions" : "",
                  plan.area().capacityToHuman(facts.container().toHuman()),
                  Sizes.of(preflight.capacity),
                  plan.wording().option("x", "50%")));
    }
  }

  private void warnOfOverheadLimit() {
    OverheadLimit limit = facts.overheadLimit();
    long heap = preflight.capacity;
    double takes =
        plan.until() == null
            ? asked() * takenOf(plan.blockSize()) / blockBytes()
            : plan.until().bytesOf(heap);
    if (!plan.area().isOnHeap() || takes <= heap - limit.floorOf(heap)) {
      return;
    }
    if (limit.isEnforced()) {
      warnings.add(
          "%s of JDK %s can throw an OutOfMemoryError in the application below %s of free heap (GC overhead limit, GCHeapFreeLimit, GCTimeLimit): %s"
              .formatted(
                  limit.collector(),
                  facts.jdk(),
                  Sizes.of(limit.bytesOf(heap)),
                  plan.allowsOutOfMemory()
                      ? plan.wording().option("oom", "allow") + " permits the risk"
                      : "the plan ends EXHAUSTED before less than %s is free; %s goes on, and a JVM with -XX:-UseGCOverheadLimit has no such limit"
                          .formatted(
                              Sizes.of(limit.floorOf(heap)),
                              plan.wording().option("oom", "allow"))));
    }
  }

  /** Returns the bytes that a block takes from its area. */
  private long takenOf(ByteSize block) {
    return plan.area() == AreaKind.HEAP ? facts.heap().takenBy(block.bytes()) : block.bytes();
  }

  private void warnOfKernel() {
    long free = facts.container().free();
    double most = Math.min(touched(), hasOwnCapacity() ? preflight.capacity : Double.MAX_VALUE);
    boolean ends = !facts.container().isOnlyThrottled();
    if (ends && free != Reading.UNKNOWN && plan.keepFree().isNone() && most > free) {
      warnings.add(
          "the plan can touch %s, and %s has %s free: the kernel may end the process (OOM kill); give %s"
              .formatted(
                  Sizes.of((long) most),
                  facts.container().toHuman(),
                  Sizes.of(free),
                  plan.wording().option("keep-free", "10%")));
    } else {
      warnOfThrottling(most);
    }
  }

  private void warnOfThrottling(double most) {
    long free = facts.container().freeBelowHigh();
    if (free != Reading.UNKNOWN && plan.keepFree().isNone() && most > free) {
      warnings.add(
          "the plan can touch %s, and the kernel throttles the container above %s (memory.high), %s from here: the JVM may stand still; give %s"
              .formatted(
                  Sizes.of((long) most),
                  Sizes.of(facts.container().high()),
                  Sizes.of(free),
                  plan.wording().option("keep-free", "10%")));
    }
  }

  /**
   * Returns the maximum resident bytes. On the heap, each block is wholly resident during its
   * allocation.
   */
  private double touched() {
    boolean followsUsage = plan.until() != null && !hasOwnCapacity(); // usage counts touched bytes
    double peak = plan.area() == AreaKind.HEAP && !plan.fill().isFull() ? blockBytes() : 0;
    double part = (double) plan.touchedPerBlock().bytes() / blockBytes();
    return asked() * (followsUsage ? 1 : part) + peak;
  }

  private double asked() {
    HoldPlan sum = plan.within(preflight.capacity);
    if (plan.until() != null) {
      return plan.until().of(preflight.capacity).bytes() - Math.max(0, preflight.usedWithGarbage);
    }
    return sum.limit().isNone()
        ? preflight.capacity
        : (double) sum.limit().blocksOf(plan.blockSize()) * blockBytes();
  }

  private long blockBytes() {
    return plan.blockSize().bytes();
  }
}
