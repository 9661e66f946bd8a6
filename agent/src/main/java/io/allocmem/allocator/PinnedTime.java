package io.allocmem.allocator;

/**
 * Share of the time with a pinned array. While an array is pinned, some collections wait, and
 * threads that need memory wait with them. Before JDK 25, a thread that waits three times gets an
 * OutOfMemoryError (JDK-8192647). Arrays are therefore pinned for a tenth of the time there, or for
 * more where dropping pages is slow, as with huge pages. One thread. Allocates nothing.
 */
final class PinnedTime {
  /** Pinned time before a rest. */
  private static final long BEFORE_REST_NANOS = 100_000;

  private static final long REST_SHARE = 9;
  private static final long LONGEST_REST_NANOS = 900_000;

  private final CommandPoll commands;
  private final Ticker ticker;
  private final boolean rests;
  private long pinned;
  private long unpinnedSince;

  /**
   * @param rests false if nothing is pinned, or if the collector of this JVM needs no rest
   */
  PinnedTime(boolean rests, CommandPoll commands, Ticker ticker) {
    this.rests = rests;
    this.commands = commands;
    this.ticker = ticker;
    this.unpinnedSince = ticker.nanoTime();
  }

  /**
   * Obeys, adds the time since {@code start}, and rests if necessary so that collections can run.
   * Time between the calls, in which nothing was pinned, counts as a rest.
   *
   * @return the added nanoseconds
   */
  long since(long start) {
    long now = ticker.nanoTime();
    pinned += now - start;
    commands.obey();
    if (rests && pinned >= BEFORE_REST_NANOS) {
      long rested = now - unpinnedSince - pinned;
      long due = Math.min(LONGEST_REST_NANOS, REST_SHARE * pinned) - rested;
      if (due > 0) {
        commands.park(due);
      }
      pinned = 0;
      unpinnedSince = now + Math.max(0, due); // a longer wait counts for the next rest
    }
    return now - start;
  }
}
