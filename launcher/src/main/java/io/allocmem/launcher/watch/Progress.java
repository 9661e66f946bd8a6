package io.allocmem.launcher.watch;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;

/** Progress of a plan and its goal, in bytes; unknown if the plan has no figure. */
record Progress(long now, long goal) {
  /** Returns the progress by committed bytes, or by the usage that the plan follows. */
  static Progress of(JvmSample sample, PlanSample plan) {
    if (plan.until() == null || plan.isByEffect()) {
      return new Progress(plan.orUnknown(Reading.COMMITTED), plan.most());
    }
    AreaKind area = AreaKind.parse(plan.area());
    boolean own = area == AreaKind.DIRECT || area == AreaKind.METASPACE; // not in the status
    boolean heap = area.isOnHeap();
    Long capacity = sample.get(heap ? Reading.HEAP_MAX : Reading.CONTAINER_CAPACITY);
    if (own || capacity == null) {
      return new Progress(plan.orUnknown(Reading.COMMITTED), Reading.UNKNOWN);
    }
    long goal = Amount.parse(plan.until()).of(capacity).bytes();
    return new Progress(sample.orUnknown(heap ? Reading.HEAP_LIVE : Reading.CONTAINER_USED), goal);
  }

  /** Returns the share from 0 to 1; below 0 if unknown. */
  double share() {
    return now < 0 || goal <= 0 ? -1 : Math.min(1, (double) now / goal);
  }
}
