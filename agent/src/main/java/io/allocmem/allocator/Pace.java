package io.allocmem.allocator;

/**
 * Schedule of the blocks. Deadlines are absolute, counted from the first block. If an allocation is
 * slower than the delay, later blocks are not postponed. One thread.
 */
final class Pace {
  private final long delayNanos;
  private long due;

  Pace(long delayNanos) {
    this.delayNanos = delayNanos;
  }

  /** Makes the first block due now. */
  void start(long now) {
    due = now;
  }

  /** Returns the nanoseconds until the next block is due; zero or less if the block is due. */
  long untilDue(long now) {
    return due - now;
  }

  /** Advances to the next deadline, after a block was taken. */
  void advance() {
    due += delayNanos;
  }

  /** Postpones all deadlines: the plan does not make up for a pause. */
  void shift(long nanos) {
    due += nanos;
  }
}
