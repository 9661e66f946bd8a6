package io.allocmem.readings;

/**
 * Counts of stalls by length, in buckets whose width is at most a 64th of their value. Allocates
 * nothing after its construction. One thread.
 */
final class StallHistogram {
  /** Buckets of each doubling of the value, and buckets of one microsecond below twice as many. */
  private static final int STEPS = 64;

  private static final int STEPS_LOG = 6;

  /** Doublings: up to 2^33 microseconds, two hours. */
  private static final int DOUBLINGS = 27;

  private final long[] counts = new long[(DOUBLINGS + 1) * STEPS];
  private long count;
  private long most;

  /** Counts a stall once. */
  void add(long micros) {
    counts[Math.min(counts.length - 1, bucketOf(micros))]++;
    count++;
    most = Math.max(most, micros);
  }

  /**
   * Counts a stall, and the stalls that further wishes for a turn would have met meanwhile: one
   * wish in each interval. Without them, one long stall would count as one among thousands of short
   * ones (coordinated omission).
   */
  void addWithOmitted(long micros, long intervalMicros) {
    add(micros);
    for (long left = micros - intervalMicros; left >= intervalMicros; left -= intervalMicros) {
      add(left);
    }
  }

  /** Adds the counts of another histogram. */
  void addAll(StallHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    most = Math.max(most, other.most);
  }

  void clear() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 0;
    }
    count = 0;
    most = 0;
  }

  long count() {
    return count;
  }

  /** Returns the longest stall in microseconds; 0 for none. */
  long most() {
    return most;
  }

  /**
   * Returns the shortest length that this part of the stalls does not exceed, in microseconds, at
   * most one 64th too long; 0 without stalls.
   *
   * @param thousandths part of the stalls: 999 for 99.9 %
   */
  long percentile(int thousandths) {
    long wanted = (count * thousandths + 999) / 1000;
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return Math.min(most, largestIn(i));
      }
    }
    return most;
  }

  /** The first two rows of buckets count single microseconds, each next row twice as many. */
  private static int bucketOf(long micros) {
    long value = Math.max(0, micros);
    int shift = Math.max(0, Long.SIZE - STEPS_LOG - 1 - Long.numberOfLeadingZeros(value));
    return (int) ((long) shift * STEPS + (value >> shift));
  }

  private static long largestIn(int bucket) {
    int shift = Math.max(0, bucket / STEPS - 1);
    return ((bucket - shift * STEPS + 1L) << shift) - 1;
  }
}
