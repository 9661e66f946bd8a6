package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.JvmSample;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples so far, in the order of time. Keeps many times more samples than a screen has columns.
 */
final class History {
  private static final int MOST = 8192;

  private final long everyMillis;
  private final List<JvmSample> samples = new ArrayList<>();

  /**
   * @param everyMillis sampling interval
   */
  History(long everyMillis) {
    this.everyMillis = everyMillis;
  }

  void add(JvmSample sample) {
    samples.add(sample);
    if (samples.size() > MOST) { // removes every second sample, never the first or last
      for (int i = samples.size() - 2; i > 0; i -= 2) {
        samples.remove(i);
      }
    }
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  JvmSample first() {
    return samples.get(0);
  }

  JvmSample last() {
    return samples.get(samples.size() - 1);
  }

  /** Returns the newest sample with at least this age; the first sample if none. */
  JvmSample before(long millis) {
    for (int i = samples.size() - 1; i > 0; i--) {
      if (last().time() - samples.get(i).time() >= millis) {
        return samples.get(i);
      }
    }
    return first();
  }

  /**
   * Returns all samples in at most {@code most} columns. Each column covers the same time; this
   * time doubles when the columns are full. A column shows its last sample; an empty column repeats
   * the previous sample.
   */
  List<JvmSample> columns(int most) {
    long step = everyMillis;
    while (column(last(), step) >= Math.max(1, most)) {
      step *= 2;
    }
    List<JvmSample> columns = new ArrayList<>();
    JvmSample before = first();
    for (JvmSample sample : samples) {
      while (columns.size() < column(sample, step)) {
        columns.add(before);
      }
      if (columns.size() > column(sample, step)) {
        columns.remove(columns.size() - 1);
      }
      columns.add(sample);
      before = sample;
    }
    return columns;
  }

  /** Rounds to the nearest column: a sample comes a little early or late. */
  private long column(JvmSample sample, long step) {
    return Math.max(0, (sample.time() - first().time() + step / 2) / step);
  }
}
