package io.allocmem.allocator;

import io.allocmem.control.Reading;
import io.allocmem.readings.HeapReadings;

/**
 * Time of the next check of all blocks. A collection may have moved blocks, and the kernel may have
 * swapped pages out. One thread. Allocates nothing.
 */
final class CheckInterval {
  /** Interval after a collection, which may have moved blocks. */
  private static final long AFTER_COLLECTION_NANOS = 500_000_000;

  /** The interval is also this many times the length of a check, as with 100,000 blocks. */
  private static final long CHECK_SHARE = 4;

  /** Interval without a collection: counting then takes at most a 2000th of the time. */
  private static final long IDLE_NANOS = 5_000_000_000L;

  private static final long LONGEST_IDLE_NANOS = 60_000_000_000L;
  private static final long IDLE_SHARE = 2000;

  private final HeapReadings heap;
  private final Ticker ticker;
  private long activity;
  private long began;
  private long ended;
  private long length;
  private long countingNanos;

  CheckInterval(HeapReadings heap, Ticker ticker) {
    this.heap = heap;
    this.ticker = ticker;
    this.activity = heap.activity();
    this.ended = ticker.nanoTime();
  }

  /** Returns true if a collector has worked since the begin of the last check. */
  boolean isCollected() {
    long current = heap.activity();
    return current != activity || current == Reading.UNKNOWN;
  }

  /** Returns true if the interval has passed. */
  boolean isOver() {
    if (ticker.nanoTime() - ended < AFTER_COLLECTION_NANOS) {
      return false; // before the collectors are asked, since each new block asks
    }
    long idle = Math.max(IDLE_NANOS, Math.min(LONGEST_IDLE_NANOS, IDLE_SHARE * countingNanos));
    long soon = Math.max(AFTER_COLLECTION_NANOS, CHECK_SHARE * length);
    return ticker.nanoTime() - ended >= (isCollected() ? soon : idle);
  }

  /** Begins a check. */
  void begin() {
    began = ticker.nanoTime();
    activity = heap.activity();
    countingNanos = 0;
  }

  /** Adds the time of a count; the rest of a check is correction. */
  void counted(long nanos) {
    countingNanos += nanos;
  }

  /** Ends a check. */
  void end() {
    ended = ticker.nanoTime();
    length = ended - began;
  }
}
