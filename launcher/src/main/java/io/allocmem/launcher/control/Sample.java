package io.allocmem.launcher.control;

import io.allocmem.status.ProcessReadings;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One line of a record: a JVM and its plans at one time. The fields and their order are the
 * record's. Bytes, milliseconds; null is what was not measured.
 */
public record Sample(
    Integer format,
    Long time,
    Long pid,
    String jdk,
    String mainClass,
    String agentVersion,
    Long rss,
    Long heapUsed,
    Long heapMax,
    Long heapLive,
    Long containerUsed,
    Long containerCapacity,
    Long collections,
    Long pauseMillis,
    List<PlanSample> plans) {

  /** The number of the format that this launcher writes and reads. */
  public static final int FORMAT = 1;

  /** Whether it has what each record must have; a chart needs no more. */
  public boolean isComplete() {
    return format != null
        && time != null
        && pid != null
        && plans != null
        && plans.stream().allMatch(PlanSample::isComplete);
  }

  /** That plan; null when there is none of that name now. */
  public PlanSample plan(String name) {
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst().orElse(null);
  }

  /** What was not measured, as a number. */
  public static long orUnknown(Long measured) {
    return measured == null ? ProcessReadings.UNKNOWN : measured;
  }

  /** Of all plans together that know it; unknown when none does. */
  public long sum(Function<PlanSample, Long> field) {
    return plans.stream()
        .map(field)
        .filter(Objects::nonNull)
        .reduce(Long::sum)
        .orElse(ProcessReadings.UNKNOWN);
  }

  /** What all plans hold. */
  public long committed() {
    return plans.stream().mapToLong(PlanSample::committed).sum();
  }
}
