package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.AreaKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Comparison of before, held and after: shows by the meter of the area if the memory of a plan was
 * returned. RSS is the kernel's figure.
 */
public record Recovery(Readings before, Readings held, Readings after) {
  private static final Map<Reading, String> NAMES =
      Map.of(
          Reading.RSS, "RSS",
          Reading.HEAP_USED, "heap used",
          Reading.HEAP_LIVE, "heap live",
          Reading.CONTAINER_USED, "container");

  /** Values of one meter; {@link Reading#UNKNOWN} for a value without measurement. */
  public record Meter(String name, long before, long held, long after) {}

  /**
   * Compares readings of a JVM.
   *
   * @param first readings that the agent measured before the first block
   */
  static Recovery of(Readings first, Readings held, Readings after) {
    Readings before = new Readings();
    before.set(Reading.RSS, first.get(Reading.RSS_BEFORE));
    before.set(Reading.HEAP_LIVE, first.get(Reading.HEAP_LIVE_BEFORE));
    before.set(Reading.CONTAINER_USED, first.get(Reading.CONTAINER_USED_BEFORE));
    return new Recovery(before, held, after);
  }

  /** Omits a meter without measurements, such as a container without a limit. */
  public List<Meter> meters(Reading... readings) {
    return Stream.of(readings)
        .map(of -> new Meter(NAMES.get(of), before.get(of), held.get(of), after.get(of)))
        .filter(meter -> Math.max(meter.held, meter.after) != Reading.UNKNOWN)
        .toList();
  }

  /**
   * Returns the figures for scripts: bytes, null for unknown.
   *
   * @param released committed bytes of the plan
   * @param complete true if the memory of all released plans came back in full; null if not known
   */
  public Map<String, Object> fields(long released, Boolean complete) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("released", released);
    fields.put("complete", complete);
    for (Reading meter : List.of(Reading.HEAP_LIVE, Reading.RSS, Reading.CONTAINER_USED)) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("before", JvmSample.known(before, meter));
      values.put("held", JvmSample.known(held, meter));
      values.put("after", JvmSample.known(after, meter));
      fields.put(meter.field(), values);
    }
    return fields;
  }

  /** Returns true if only a collection returns the memory in full. */
  public static boolean isLeftToTheCollector(AreaKind area) {
    return area.isOnHeap() || area == AreaKind.METASPACE;
  }
}
