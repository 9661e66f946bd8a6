package io.allocmem.launcher.knee;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.load.LoadWindow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Percentiles of times: stalls inside the JVM, or answers to a client. {@link Reading#UNKNOWN}
 * stands for a figure that was not measured.
 *
 * @param p50 microseconds, as the other figures
 */
record Latencies(long p50, long p99, long p999, long max) {
  /** Nothing was measured. */
  static final Latencies NONE =
      new Latencies(Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN);

  /** Returns the stalls since the wait of this plan ended. */
  static Latencies of(PlanSample plan) {
    return new Latencies(
        plan.orUnknown(Reading.STALL_P50_IN_ALL),
        plan.orUnknown(Reading.STALL_P99_IN_ALL),
        plan.orUnknown(Reading.STALL_P999_IN_ALL),
        plan.orUnknown(Reading.STALL_MAX_IN_ALL));
  }

  /** Returns the times of the answers, failures included. */
  static Latencies of(LoadWindow window) {
    if (window.answers() + window.failures() == 0) {
      return NONE;
    }
    return new Latencies(
        window.p50().toNanos() / 1000,
        window.p99().toNanos() / 1000,
        window.p999().toNanos() / 1000,
        window.max().toNanos() / 1000);
  }

  boolean isKnown() {
    return max != Reading.UNKNOWN;
  }

  /** Returns the fields for JSON. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Percentile each : Percentile.values()) {
      long value = each.in(this);
      fields.put(each.field(), value == Reading.UNKNOWN ? null : value);
    }
    return fields;
  }
}
