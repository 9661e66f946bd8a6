package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.JvmSample;
import java.util.ArrayList;
import java.util.List;

/** The looks so far, in the order of their times. Keeps the size of a screen many times over. */
final class History {
  private static final int MOST = 8192;

  private final long everyMillis;
  private final List<JvmSample> samples = new ArrayList<>();

  /**
   * @param everyMillis from one look to the next
   */
  History(long everyMillis) {
    this.everyMillis = everyMillis;
  }

  void add(JvmSample sample) {
    samples.add(sample);
    if (samples.size() > MOST) { // every second one goes: the first and the last stay
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

  /** The newest that is so old; the first when none is. */
  JvmSample before(long millis) {
    for (int i = samples.size() - 1; i > 0; i--) {
      if (last().time() - samples.get(i).time() >= millis) {
        return samples.get(i);
      }
    }
    return first();
  }

  /**
   * All of it in at most so many columns: each stands for the same time, which doubles when they
   * are full, and shows the last look in it, or the one before where it has none.
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

  /** Rounded: a look comes a little early or late. */
  private long column(JvmSample sample, long step) {
    return Math.max(0, (sample.time() - first().time() + step / 2) / step);
  }
}
