package io.allocmem.launcher.knee;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;

/** Figures of a time, from the samples of this time: differences of counters, mean of a level. */
final class Measurement {
  /** CPU time below which a share has no meaning: the counter has steps of 10 ms. */
  private static final long LEAST_CPU_MILLIS = 100;

  private final JvmSample first;
  private JvmSample last;
  private double live;
  private int count;

  Measurement(JvmSample first) {
    this.first = first;
    add(first);
  }

  void add(JvmSample sample) {
    last = sample;
    Long level = sample.get(Reading.HEAP_LIVE);
    if (level != null) {
      live += level;
      count++;
    }
  }

  /** Returns the number of collections so far; unknown if the JVM does not count. */
  long collections() {
    return difference(Reading.COLLECTIONS);
  }

  StepResult.Figures figures() {
    long millis = last.time() - first.time();
    long cpu = difference(Reading.CPU_MILLIS);
    long gc = difference(Reading.GC_CPU_MILLIS);
    return new StepResult.Figures(
        count == 0 ? Reading.UNKNOWN : Math.round(live / count),
        last.orUnknown(Reading.HEAP_MAX),
        cpu < LEAST_CPU_MILLIS ? Reading.UNKNOWN : share(gc, cpu),
        share(difference(Reading.PAUSE_MILLIS), millis),
        collections(),
        millis);
  }

  private static long share(long part, long whole) {
    return part < 0 || whole <= 0 ? Reading.UNKNOWN : Math.min(1000, 1000 * part / whole);
  }

  private long difference(Reading reading) {
    Long before = first.get(reading);
    Long after = last.get(reading);
    return before == null || after == null ? Reading.UNKNOWN : Math.max(0, after - before);
  }
}
