package io.allocmem.launcher.check;

import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import java.io.IOException;

/**
 * Plans that may take more than half of a machine where no container limits the JVM. A person who
 * gives no amount in bytes may not expect so much memory, and all processes of the machine suffer.
 */
public final class LargePlan {
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
        : "the plan may take %s of this machine's %s, and no container limits the JVM: confirm with --yes, or give the amount in bytes (%s)"
            .formatted(
                Sizes.of(most),
                Sizes.of(machine),
                plan.wording().option(plan.until() == null ? "x" : "until", whole));
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
