package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One line of a record: a JVM and its plans at one time. A reading without a measurement is null.
 *
 * @param format number of the format; null if the line has none
 * @param time milliseconds since 1970
 */
public record JvmSample(
    Long format,
    Long time,
    Long pid,
    String jdk,
    String mainClass,
    String agentVersion,
    Readings readings,
    List<PlanSample> plans) {

  /** Number of the format that this launcher writes and reads. */
  public static final long FORMAT = 1;

  private static final JvmSample NONE =
      new JvmSample(null, null, null, null, null, null, new Readings(), List.of());

  /** Returns the names of the JVM's fields in a record, in record order, without the plans. */
  public static Set<String> names() {
    return NONE.fields().keySet();
  }

  /** Returns true if the sample has the required fields of a record; a chart needs no more. */
  public boolean isComplete() {
    return format != null
        && time != null
        && pid != null
        && plans != null
        && plans.stream().allMatch(PlanSample::isComplete);
  }

  /** Returns the reading of the JVM; null if not measured. */
  public Long get(Reading reading) {
    return known(readings, reading);
  }

  /** Returns the reading of the JVM; {@link Reading#UNKNOWN} if not measured. */
  public long orUnknown(Reading reading) {
    return readings.get(reading);
  }

  static Long known(Readings readings, Reading reading) {
    long value = readings.get(reading);
    return value == Reading.UNKNOWN ? null : value;
  }

  /** Returns the plan of that name; null if none exists now. */
  public PlanSample plan(String name) {
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst().orElse(null);
  }

  /** Returns the sum over all plans with this reading; unknown if no plan has the reading. */
  public long sum(Reading reading) {
    return plans.stream()
        .map(plan -> plan.get(reading))
        .filter(Objects::nonNull)
        .reduce(Long::sum)
        .orElse(Reading.UNKNOWN);
  }

  /** Returns the maximum bytes of all plans with a limit; unknown without such a plan. */
  public long most() {
    return plans.stream()
        .map(PlanSample::most)
        .filter(most -> most != Reading.UNKNOWN)
        .reduce(Long::sum)
        .orElse(Reading.UNKNOWN);
  }

  /** Returns the committed bytes of all plans. */
  public long committed() {
    return Math.max(0, sum(Reading.COMMITTED));
  }

  /** Returns the fields of the JVM by name, in record order. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", format);
    fields.put("time", time);
    fields.put("pid", pid);
    fields.put("jdk", jdk);
    fields.put("mainClass", mainClass);
    fields.put("agentVersion", agentVersion);
    put(readings, Reading.Scope.JVM, fields);
    return fields;
  }

  static void put(Readings readings, Reading.Scope scope, Map<String, Object> fields) {
    for (Reading reading : Reading.values()) {
      if (reading.scope() == scope) {
        fields.put(reading.field(), known(readings, reading));
      }
    }
  }
}
