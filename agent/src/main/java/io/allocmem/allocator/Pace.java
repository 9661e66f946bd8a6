package io.allocmem.allocator;

/**
 * When the next block is due. Deadlines are absolute, counted from the first block: an allocation
 * that is slower than the delay does not put off the ones after it. One thread.
 */
final class Pace {
  private final long delayNanos;
  private long due;

  Pace(long delayNanos) {
    this.delayNanos = delayNanos;
  }

  /** The first block is due now. */
  void start(long now) {
    due = now;
  }

  /** Nanoseconds until the next block is due; zero or less when it is. */
  long untilDue(long now) {
    return due - now;
  }

  /** A block was taken. */
  void advance() {
    due += delayNanos;
  }

  /** Time stood still for so long: a pause is not made up for. */
  void shift(long nanos) {
    due += nanos;
  }
}
