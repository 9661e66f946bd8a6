package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Wait until the RSS of a process no longer falls. From JDK 16 on, G1 returns free heap to the
 * system in steps, some 100 ms after the collection (JDK-8236926).
 */
final class RssRest {
  /** Time without a fall that counts as rest: several steps of G1. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  /** Time limit: a heap of 64 GiB takes some seconds. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A smaller fall is noise. */
  private static final long FALL = 1L << 20;

  private final LongSupplier rss;
  private final LongSupplier nanoTime;
  private final Runnable pause;

  /**
   * @param rss bytes; {@link Reading#UNKNOWN} after the end of the process
   */
  RssRest(LongSupplier rss, LongSupplier nanoTime, Runnable pause) {
    this.rss = rss;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** Returns the RSS at rest, or the last RSS at the time limit. */
  long await() {
    long start = nanoTime.getAsLong();
    long fallen = start;
    long now = rss.getAsLong();
    long lowest = now;
    for (long at = start;
        now != Reading.UNKNOWN && at - fallen < QUIET_NANOS && at - start < LONGEST_NANOS;
        at = nanoTime.getAsLong()) {
      pause.run();
      now = rss.getAsLong();
      if (now <= lowest - FALL) {
        lowest = now;
        fallen = at;
      }
    }
    return now;
  }
}
