package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.ProcessReadings;
import java.util.function.BooleanSupplier;

/**
 * Guard of limit, target utilisation and headroom. A plan with a limit compares the limit with the
 * held blocks. Target utilisation ({@code until}) and headroom are measured. On the heap, the live
 * bytes count. Elsewhere, the usage of the area, the container or the machine counts. One thread.
 * Allocates nothing, except in {@link ErrorMargin} and where there is room.
 *
 * <p>Usage after a collection is known within bounds: a released block stays used until a
 * collection frees the block. The upper bound applies before an allocation, the lower bound before
 * a release. A release therefore shows at once, and is not repeated until the measurement changes.
 */
final class Guard {
  /**
   * Slack beyond the headroom, as a share of the capacity: usage that can arise between two
   * measurements.
   */
  private static final int SLACK_SHARE = 128;

  /**
   * Share of the remaining capacity that raises the target utilisation on the heap. Live bytes
   * include garbage that the last collection left, but are never below the true value.
   */
  private static final int GARBAGE_SHARE = 16;

  /** Fall of usage before a refused plan tries again, as a share of the capacity. */
  private static final int FALLEN_SHARE = 32;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final HeapReadings heap;
  private final ContainerReadings container;
  private final PlanState state;
  private final Usage usage;
  private final boolean keepsFree;
  private final boolean heapKind;
  private final boolean classKind;
  private final String nothing = String.valueOf("");
  private final String accept;
  private final String theContainer = String.valueOf("the container");
  private final String theMachine = String.valueOf("the machine");
  private final String areaName;
  private final long blockBytes;
  private final long effect;

  /** True if the usage includes a block as soon as the block is allocated. */
  private final boolean countsCommitted;

  private final ErrorMargin margin;
  private final OverheadFloor floor;

  /** Number of class-unloading collections at the last release of a block. */
  private long collectionsAtRelease = Long.MIN_VALUE;

  /** Usage at the last release of a block. */
  private long usedAtRelease;

  /**
   * @param fatal returns true if an OutOfMemoryError would now end this JVM or make the JVM write a
   *     dump
   */
  Guard(
      HoldPlan plan,
      MemoryArea area,
      ProcessReadings process,
      PlanState state,
      BooleanSupplier fatal,
      Ticker ticker) {
    this.plan = plan;
    this.area = area;
    this.accept = plan.wording().option("oom", "allow"); // now, while there is room
    this.heap = process.heap();
    this.container = process.container();
    this.state = state;
    this.keepsFree = !plan.keepFree().isNone() || !plan.reserve().isNone();
    this.heapKind = plan.area().isOnHeap();
    this.usage = new Usage(plan, area, process, state);
    this.areaName = heapKind ? AreaKind.HEAP.toHuman() : plan.area().toHuman();
    this.classKind = plan.area() == AreaKind.METASPACE;
    long block = plan.blockSize().bytes();
    boolean arrays = plan.area() == AreaKind.HEAP;
    long taken = arrays ? heap.regions().takenBy(block) : block;
    this.blockBytes = block;
    this.countsCommitted = heapKind || usage.hasOwnLimit();
    this.effect = countsCommitted ? taken : plan.touchedPerBlock().bytes();
    this.margin = new ErrorMargin(plan, area, heap, fatal, taken, ticker);
    this.floor = new OverheadFloor(plan, heap, usage);
  }

  /**
   * Returns the usage where a plan with a target utilisation stops. Each limit can change while the
   * plan runs.
   */
  long target() {
    long capacity = usage.capacity();
    long wanted = plan.until().bytesOf(capacity);
    return heapKind ? wanted + (capacity - wanted) / GARBAGE_SHARE : wanted;
  }

  /**
   * Returns the difference between usage and target of a plan with a target utilisation, in bytes.
   * Usage is known within bounds: zero if the target lies between the bounds.
   */
  long deviation() {
    long target = target();
    long above = usage.steady() - target;
    return above > 0 ? above : Math.max(0, target - usage.atMost());
  }

  /**
   * Returns the bytes of blocks that other threads take, and that the usage may not include yet.
   */
  private long pending() {
    int blocks = state.ordered() + (countsCommitted ? 0 : state.underWay());
    return blocks * effect;
  }

  /** Returns true if usage can end the filling: others may change usage at any time. */
  boolean isMeasuring() {
    return keepsFree || plan.until() != null || margin.isFatal() || floor.isClose();
  }

  /** Returns true if no further block is wanted. */
  boolean isReached() {
    return plan.until() == null
        ? plan.limit().isReachedBy(state.get(Reading.COMMITTED) + state.ordered() * blockBytes)
        : usage.atMost() + effect + pending() > target();
  }

  /** Returns true if one more block leaves enough headroom. */
  boolean hasRoom() {
    boolean kept = !keepsFree || isFree(usage.atMost(), effect + pending(), 1.0);
    return kept && !isNearError();
  }

  /**
   * Returns true if a block in place of a released block leaves enough headroom. Usage is the lower
   * bound, slack is half: no other user took the released memory.
   */
  boolean hasRoomAgain() {
    return (!keepsFree || isFree(usage.atLeast(), effect, 0.5)) && !isNearError();
  }

  /** Returns the reason why one more block would come near the GC overhead limit, or null. */
  String refusal() {
    return floor.refusal(effect + pending());
  }

  void collect() {
    floor.collect();
  }

  /** Returns true if one more block could end in a fatal OutOfMemoryError. */
  boolean isNearError() {
    return margin.isNear(state.ordered());
  }

  /**
   * Returns true if usage has fallen enough since a refusal for another attempt.
   *
   * @param refusedAt usage at the refusal
   */
  boolean hasFallenBelow(long refusedAt) {
    return usage.atMost() < refusedAt - usage.capacity() / FALLEN_SHARE;
  }

  /**
   * Returns true if live bytes may exceed the estimate, by allocations since the last collection.
   * One block per polling interval then leaves time for the application's next collection, which
   * updates the estimate.
   */
  boolean isUnsure() {
    return plan.until() != null && heapKind && heap.isUsed(target() - effect - pending());
  }

  /** Returns true if the plan must release a held block. */
  boolean isTooMuch() {
    return !isUnmeasured()
        && (keepsFree && !isFree(usage.atLeast(), 0, 0.5)
            || plan.until() != null && usage.steady() > target() + effect / 2
            || margin.haveOthersComeNear(usage.held()));
  }

  /**
   * Returns true if the last release is not measurable yet: classes stay until a collection unloads
   * them.
   */
  private boolean isUnmeasured() {
    return classKind
        && heap.wholeCollections() == collectionsAtRelease
        && usage.atMost() > usedAtRelease - effect / 2;
  }

  /** Records the release of a block because of excess usage. */
  void released() {
    collectionsAtRelease = heap.wholeCollections();
    usedAtRelease = usage.atMost();
  }

  /**
   * Returns true if enough headroom is free, for a plan that keeps headroom: measuring reads files.
   *
   * @param slacks hysteresis: full slack before an allocation, half for held blocks
   */
  private boolean isFree(long used, long more, double slacks) {
    boolean inArea =
        plan.keepFree().isNone()
            || !heapKind && !usage.hasOwnLimit() && !classKind
            || isKept(usage.capacity(), usage.capacity() - used - more, slacks);
    long others = reserve() + (more > 0 ? moved() : 0);
    return inArea && isKept(container.capacity(), usage.containerRoom() - more - others, slacks);
  }

  /** Returns the bytes of the container for others below an invisible limit. */
  private long reserve() {
    return plan.reserve().isNone() ? 0 : plan.reserve().bytesOf(container.capacity());
  }

  /** Returns the bytes of objects that the next collection may move to pages not resident yet. */
  private long moved() {
    return heapKind ? heap.young() : 0;
  }

  private boolean isKept(long capacity, long room, double slacks) {
    return room >= kept(capacity, slacks);
  }

  private double kept(long capacity, double slacks) {
    return plan.keepFree().bytesOf(capacity) + slacks * capacity / SLACK_SHARE;
  }

  /** Returns the usage before an allocation, in bytes: upper bound. */
  long used() {
    return usage.atMost();
  }

  /** Appends the reason for a wait, for people. */
  void explain(AsciiLine line) {
    if (!keepsFree || isFree(usage.atMost(), effect, 1.0)) {
      explainError(line);
    } else {
      explainKeepFree(line);
    }
  }

  /**
   * Warms up all messages while the heap has room: a literal becomes an object at its first use.
   */
  void warmUp(AsciiLine line) {
    explainError(line);
    explainKeepFree(line);
    explainProblem(line, nothing);
    hasRoom();
    refusal();
    isTooMuch();
  }

  private void explainError(AsciiLine line) {
    line.append("one more block could end in an OutOfMemoryError, which is fatal in this JVM");
    line.append("; use smaller blocks, or accept the risk with ").append(accept);
  }

  private void explainKeepFree(AsciiLine line) {
    line.append("keep-free: ");
    if (classKind) {
      line.append((long) (100 * area.nearestShare())).append(" % of ");
      line.append(area.nearestLimit()).append(" used; ");
    } else if (heapKind || usage.hasOwnLimit()) {
      explainRoom(line, usage.capacity(), usage.capacity() - usage.atMost(), effect);
      line.append(areaName).append("; ");
    }
    explainRoom(line, container.capacity(), usage.containerRoom(), effect + moved() + reserve());
    line.append(container.isLimited() ? theContainer : theMachine);
    String problem = container.problem();
    if (problem != null) {
      explainProblem(line, problem);
    }
  }

  /** Appends the free bytes, and the bytes that must be free before the next block. */
  private void explainRoom(AsciiLine line, long capacity, long room, long more) {
    line.appendSize(Math.max(0, room)).append(" free, ");
    line.appendSize((long) kept(capacity, 1.0) + more).append(" wanted, of the ");
    line.appendSize(capacity).append(" of ");
  }

  private static void explainProblem(AsciiLine line, String problem) {
    line.append(", whose limit cannot be read: ").append(problem);
  }
}
