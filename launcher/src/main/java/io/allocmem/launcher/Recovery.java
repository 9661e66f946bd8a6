package io.allocmem.launcher;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.AreaKind;

/**
 * Comparison of before, held and after: shows by the meter of the area if the memory of a plan was
 * returned. RSS is the kernel's figure.
 */
record Recovery(Status held, long rssHeld, Status after, long rssAfter) {
  /** Tolerance: a JVM and its application change at least this much by themselves meanwhile. */
  private static final long NOISE = 16L << 20;

  Table table() {
    Table table = new Table("", "BEFORE", "HELD", "AFTER");
    row(
        table,
        "heap live",
        held.get(Reading.HEAP_LIVE_BEFORE),
        held.get(Reading.HEAP_LIVE),
        after.get(Reading.HEAP_LIVE));
    row(table, "RSS", held.get(Reading.RSS_BEFORE), rssHeld, rssAfter);
    row(
        table,
        "container",
        held.get(Reading.CONTAINER_USED_BEFORE),
        held.get(Reading.CONTAINER_USED),
        after.get(Reading.CONTAINER_USED));
    return table;
  }

  /** Omits a meter without measurements, such as a container without a limit. */
  private static void row(Table table, String meter, long before, long held, long after) {
    if (Math.max(held, after) == Reading.UNKNOWN) {
      return;
    }
    table.row(meter, Sizes.of(before), Sizes.of(held), Sizes.of(after));
  }

  /**
   * Returns a sentence about memory not returned, with the reason; null if all was returned, or the
   * figures are unknown.
   */
  String missing(AreaKind area, boolean collected) {
    if (isLeftToTheCollector(area) && !collected) {
      return null;
    }
    if (collected && after.get(Reading.HEAP_LIVE) == Reading.UNKNOWN) {
      return "the JVM did not collect when asked: was it started with -XX:+DisableExplicitGC?";
    }
    if (area.isOnHeap()) {
      long was =
          held.get(Reading.HEAP_LIVE) == Reading.UNKNOWN
              ? held.get(Reading.HEAP_USED)
              : held.get(Reading.HEAP_LIVE);
      return missing(
          "heap live",
          was - held.get(Reading.COMMITTED),
          after.get(Reading.HEAP_LIVE),
          held.get(Reading.COMMITTED));
    }
    boolean counted = held.get(Reading.RESIDENT) != Reading.UNKNOWN;
    return area == AreaKind.METASPACE || !counted
        ? null
        : missing(
            "RSS", rssHeld - held.get(Reading.RESIDENT), rssAfter, held.get(Reading.RESIDENT));
  }

  /** Returns true if only a collection returns the memory in full. */
  static boolean isLeftToTheCollector(AreaKind area) {
    return area.isOnHeap() || area == AreaKind.METASPACE;
  }

  private static String missing(String meter, long expected, long now, long held) {
    long tolerated = Math.max(NOISE, held / 10);
    return now <= expected + tolerated
        ? null
        : "memory did not come back in full: %s is %s, expected %s; the application may hold more now"
            .formatted(meter, Sizes.of(now), Sizes.of(Math.max(0, expected)));
  }
}
