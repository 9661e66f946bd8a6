package io.allocmem.readings;

import io.allocmem.control.Reading;

/**
 * Counters at moments of the last seconds, for their increase over a time. Allocates nothing after
 * its construction. One thread.
 */
final class Window {
  private static final long NANOS_OF_SECOND = 1_000_000_000;

  /** Shortest time between two moments that are kept. */
  private static final long STEP_NANOS = NANOS_OF_SECOND / 10;

  /** Moments: ten seconds, and one step more. */
  private static final int PLACES = 102;

  /** Shortest time for an increase: a shorter one shows the steps of the counters. */
  private static final long LEAST_NANOS = NANOS_OF_SECOND / 2;

  private final int counters;
  private final long[] times = new long[PLACES];
  private final long[] values;
  private final long[] now;
  private long time;
  private int first;
  private int count;

  Window(int counters) {
    this.counters = counters;
    this.values = new long[PLACES * counters];
    this.now = new long[counters];
  }

  /** Sets the current value of a counter, before {@link #keep}. */
  void set(int counter, long value) {
    now[counter] = value;
  }

  /** Keeps the current values, as of this moment. */
  void keep(long nanoTime) {
    time = nanoTime;
    if (count > 0 && nanoTime - times[at(count - 1)] < STEP_NANOS) {
      return;
    }
    if (count == PLACES) {
      first = at(1);
      count--;
    }
    int place = at(count);
    times[place] = nanoTime;
    System.arraycopy(now, 0, values, place * counters, counters);
    count++;
  }

  private int at(int index) {
    return (first + index) % PLACES;
  }

  /**
   * Returns the increase of a counter over the last seconds, or over a shorter time since the first
   * moment.
   *
   * @return unknown if the counter was not known, or within half a second of the first moment
   */
  long increase(int counter, int seconds) {
    int place = begin(seconds);
    long before = values[place * counters + counter];
    boolean known = before != Reading.UNKNOWN && now[counter] != Reading.UNKNOWN;
    boolean enough = count > 0 && time - times[place] >= LEAST_NANOS;
    return known && enough ? Math.max(0, now[counter] - before) : Reading.UNKNOWN;
  }

  /** Returns the nanoseconds of {@link #increase}. */
  long nanos(int seconds) {
    return time - times[begin(seconds)];
  }

  /** Returns the place of the last moment that is so long ago, or else of the first. */
  private int begin(int seconds) {
    int index = 0;
    while (index + 1 < count && time - times[at(index + 1)] >= seconds * NANOS_OF_SECOND) {
      index++;
    }
    return at(index);
  }
}
