package io.allocmem.launcher;

import io.allocmem.launcher.process.Amounts;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.AreaKind;
import io.allocmem.status.ProcessReadings;
import io.allocmem.status.Status;

/**
 * Before, held, after: whether what a plan held came back, by the meter that its area moves. RSS is
 * the kernel's.
 */
record Recovery(Status held, long rssHeld, Status after, long rssAfter) {
  /** What a JVM and its application move by themselves in the meantime, at least. */
  private static final long NOISE = 16L << 20;

  Table table() {
    Table table = new Table("", "BEFORE", "HELD", "AFTER");
    row(table, "heap live", held.heapLiveBefore, held.heapLive, after.heapLive);
    row(table, "RSS", held.rssBefore, rssHeld, rssAfter);
    row(table, "container", held.containerUsedBefore, held.containerUsed, after.containerUsed);
    return table;
  }

  /** Not where nothing was measured, as a container without a limit. */
  private static void row(Table table, String meter, long before, long held, long after) {
    if (Math.max(held, after) == ProcessReadings.UNKNOWN) {
      return;
    }
    table.row(meter, Amounts.of(before), Amounts.of(held), Amounts.of(after));
  }

  /** What did not come back and why, as a sentence; null when all did, or nobody can know. */
  String missing(AreaKind area, boolean collected) {
    if (isLeftToTheCollector(area) && !collected) {
      return null;
    }
    if (collected && after.heapLive == ProcessReadings.UNKNOWN) {
      return "the JVM did not collect when asked: was it started with -XX:+DisableExplicitGC?";
    }
    if (area.isOnHeap()) {
      long was = held.heapLive == ProcessReadings.UNKNOWN ? held.heapUsed : held.heapLive;
      return missing("heap live", was - held.committed, after.heapLive, held.committed);
    }
    boolean counted = held.resident != ProcessReadings.UNKNOWN;
    return area == AreaKind.METASPACE || !counted
        ? null
        : missing("RSS", rssHeld - held.resident, rssAfter, held.resident);
  }

  /** Whether only a collection gives it back in full. */
  static boolean isLeftToTheCollector(AreaKind area) {
    return area.isOnHeap() || area == AreaKind.METASPACE;
  }

  private static String missing(String meter, long expected, long now, long held) {
    long tolerated = Math.max(NOISE, held / 10);
    return now <= expected + tolerated
        ? null
        : "not all came back: %s is %s, %s were expected; does the application hold more by now?"
            .formatted(meter, Amounts.of(now), Amounts.of(Math.max(0, expected)));
  }
}
