package io.allocmem.launcher.check;

import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.TimeLimit;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import java.io.IOException;
import java.util.List;

/**
 * Plans that may take more than half of a machine where no container limits the JVM. A person who
 * gives no amount in bytes may not expect so much memory, and all processes of the machine suffer.
 */
public final class LargePlan {
  /** Time limit for the facts of all JVMs together. */
  private static final long LOOK_MILLIS = 5_000;

  private LargePlan() {}

  /**
   * Returns the objection to a plan in a running JVM, as a sentence; null if the plan is not large,
   * or the capacity is unknown.
   */
  public static String objection(HoldPlan plan, long pid) throws IOException {
    return isInBytes(plan) ? null : objection(plan, Assessment.preflight(JvmFacts.of(pid), plan));
  }

  /**
   * Returns the objection to a plan in a new JVM. The heap of the new JVM is not known yet, and by
   * default a quarter of the machine.
   */
  public static String objectionAlone(HoldPlan plan) {
    boolean own = plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT;
    if (own || isInBytes(plan)) {
      return null;
    }
    Container here = Container.of(ProcessHandle.current().pid());
    Preflight preflight = new Preflight();
    preflight.capacity = here.capacity();
    preflight.containerCapacity = here.capacity();
    preflight.containerLimited = here.isLimited();
    return objection(plan, preflight);
  }

  static String objection(HoldPlan plan, Preflight preflight) {
    long machine = preflight.containerCapacity;
    if (isInBytes(plan) || preflight.containerLimited || machine <= 0 || preflight.capacity < 0) {
      return null;
    }
    long most = most(plan, preflight.capacity);
    ByteSize whole = ByteSize.ofBytes(most >> 20 << 20);
    return most <= machine / 2
        ? null
        : "the plan may take %s of this machine's %s, and no container limits the JVM: confirm with --yes%s"
            .formatted(Sizes.of(most), Sizes.of(machine), inBytes(plan, whole));
  }

  /** Returns the remedy for a plan that takes an amount; empty for a target by effect. */
  private static String inBytes(HoldPlan plan, ByteSize whole) {
    return plan.effectTarget() != null
        ? ""
        : ", or give the amount in bytes (%s)"
            .formatted(plan.wording().option(plan.until() == null ? "x" : "until", whole));
  }

  /**
   * Returns the objection to one plan in each of several JVMs: the sum may be large, even of an
   * amount in bytes. Null if the sum is not large, or the capacity is unknown.
   */
  public static String objection(HoldPlan plan, List<Long> pids) {
    List<Preflight> free =
        TimeLimit.each(LOOK_MILLIS, pids, pid -> preflight(pid, plan), pid -> new Preflight())
            .stream()
            .filter(jvm -> !jvm.containerLimited && jvm.containerCapacity > 0 && jvm.capacity >= 0)
            .toList();
    long machine = free.stream().mapToLong(jvm -> jvm.containerCapacity).max().orElse(0);
    double sum = 0; // of shares of areas that may be as large as the address space
    for (Preflight jvm : free) {
      sum += Math.min(jvm.capacity, most(plan, jvm.capacity));
    }
    return free.size() < 2 || sum <= machine / 2.0
        ? null
        : "the plans may take %s of this machine's %s together, and no container limits these %d JVMs: confirm with --yes, or choose fewer JVMs"
            .formatted(Sizes.of((long) sum), Sizes.of(machine), free.size());
  }

  private static Preflight preflight(long pid, HoldPlan plan) {
    try {
      return Assessment.preflight(JvmFacts.of(pid), plan);
    } catch (IOException | Failure unreadable) {
      return new Preflight(); // the attach says the reason
    }
  }

  private static boolean isInBytes(HoldPlan plan) {
    return plan.until() == null
        ? !plan.limit().isShare() && !plan.limit().isNone()
        : !plan.until().isShare();
  }

  /** Returns the level of a target utilisation, the limit, or all but the headroom. */
  private static long most(HoldPlan plan, long capacity) {
    if (plan.until() != null) {
      return plan.until().bytesOf(capacity);
    }
    return plan.limit().isNone()
        ? capacity - plan.keepFree().bytesOf(capacity)
        : plan.within(capacity).limit().bytes();
  }
}
