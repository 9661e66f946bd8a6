package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Readings of one JVM at one time, composed from the statuses of its plans and the kernel. */
public final class JvmReadings {
  private static final Set<Reading> STALLS =
      EnumSet.range(Reading.STALL_P50, Reading.STALL_MAX_IN_ALL);

  private JvmReadings() {}

  /** Reads the control files of that process. */
  public static Readings of(long pid) throws IOException {
    List<Status> statuses = new ArrayList<>();
    for (PlanControl plan : PlanControl.of(pid)) {
      try (plan) {
        Status status = plan.status();
        if (status != null) {
          statuses.add(status);
        }
      }
    }
    return of(pid, statuses);
  }

  /**
   * Returns the readings of the newest status. RSS is the kernel's figure, read once. The live heap
   * is the figure of the plans that know the live heap. Stalls are of a plan that measures stalls.
   */
  public static Readings of(long pid, Collection<Status> statuses) {
    Readings readings =
        statuses.stream()
            .max(Comparator.comparingLong(status -> status.heartbeatMillis))
            .map(Status::readings)
            .orElseGet(Readings::new);
    readings.set(Reading.RSS, new LinuxProcess(pid).rss().orElse(readings.get(Reading.RSS)));
    readings.set(Reading.HEAP_LIVE, live(statuses));
    statuses.stream()
        .filter(status -> !status.phase.isOver() && status.get(Reading.STALL_MAX) >= 0)
        .max(Comparator.comparingLong(status -> status.heartbeatMillis))
        .ifPresent(status -> STALLS.forEach(of -> readings.set(of, status.get(of))));
    return readings;
  }

  /**
   * Returns the live heap; unknown if no plan has seen a collection. A plan that has not seen a
   * collection took all of its blocks since the last collection. The other plans do not count these
   * blocks.
   */
  private static long live(Collection<Status> statuses) {
    long live = Reading.UNKNOWN;
    long uncounted = 0;
    for (Status status : statuses) {
      long known = status.get(Reading.HEAP_LIVE);
      live = Math.max(live, known);
      uncounted += known == Reading.UNKNOWN && isOnHeap(status) ? heapOf(status) : 0;
    }
    return live == Reading.UNKNOWN ? Reading.UNKNOWN : live + uncounted;
  }

  private static boolean isOnHeap(Status status) {
    HoldPlan plan = Versions.planOf(status);
    return plan != null && plan.area().isOnHeap();
  }

  private static long heapOf(Status status) {
    return status.get(Reading.COMMITTED) + status.get(Reading.REGION_WASTE);
  }
}
