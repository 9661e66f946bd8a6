package io.allocmem.allocator;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;

/**
 * Enforces the fill ratio: the touched part of each block stays in RAM and the rest does not,
 * despite collectors and the kernel. Serial, Parallel and CMS move arrays; other collectors move
 * small arrays. A moved array is resident as a whole. The kernel swaps pages out. Runs in the
 * plan's thread during waits, and counts resident bytes for the status. Allocates nothing.
 */
final class Residency {
  private static final long UNKNOWN = Reading.UNKNOWN;

  /** Bytes touched between two polls for a command. */
  private static final long TOUCHED_AT_ONCE = 16L << 20;

  /** Bytes counted between two polls for a command. */
  private static final long COUNTED_AT_ONCE = 16L << 20;

  private static final long DROPPED_AT_ONCE = 1L << 20;

  /**
   * Pinned time before a rest. While an array is pinned, some collections wait, and threads that
   * need memory wait with them. Before JDK 25, a thread that waits three times gets an
   * OutOfMemoryError (JDK-8192647). Arrays are therefore pinned for a tenth of the time, or for
   * more where dropping pages is slow, as with huge pages.
   */
  private static final long PINNED_BEFORE_REST_NANOS = 100_000;

  private static final long REST_SHARE = 9;
  private static final long LONGEST_REST_NANOS = 900_000;

  private final PlanState state;
  private final CommandPoll commands;
  private final Ticker ticker;
  private final long touchedPerBlock;
  private final boolean keepsResident;
  private final boolean counts;
  private final boolean pins;
  private final CheckInterval interval;
  private long counted;
  private long pinned;

  Residency(
      HoldPlan plan,
      MemoryArea area,
      PlanState state,
      CommandPoll commands,
      ProcessReadings process,
      Ticker ticker) {
    this.state = state;
    this.commands = commands;
    this.ticker = ticker;
    this.touchedPerBlock = plan.fill().of(plan.blockSize()).bytes();
    this.keepsResident = plan.keepsResident();
    this.counts = area.pagesUnavailable() == null;
    this.pins = plan.area().isOnHeap();
    this.interval = new CheckInterval(process.heap(), ticker);
    state.set(Reading.RESIDENT, counts ? 0 : UNKNOWN);
  }

  /**
   * Corrects the resident part of a new block, and adds the resident bytes to the plan's.
   *
   * @return resident bytes of the block afterwards; {@link Reading#UNKNOWN} if not counted
   */
  long settle(Block block) {
    if (!counts) {
      return UNKNOWN;
    }
    long resident = corrected(block);
    state.set(Reading.RESIDENT, sum(state.get(Reading.RESIDENT), resident));
    return resident;
  }

  /** Returns true if all blocks are to be checked again: the sampling interval has passed. */
  boolean isDue() {
    return counts && interval.isOver();
  }

  /** Returns true if the figures may be old: a collector has worked since the last check. */
  boolean isStale() {
    return counts && interval.isCollected();
  }

  /** Begins a check of all blocks: {@link #check} follows for each block, then {@link #end}. */
  void begin() {
    interval.begin();
    counted = 0;
  }

  /** Corrects and counts the resident part of a block. */
  void check(Block block) {
    if (counts) {
      counted = sum(counted, corrected(block));
      commands.obey();
    }
  }

  /** Ends a check of all blocks. */
  void end() {
    if (counts) {
      state.set(Reading.RESIDENT, counted);
      interval.end();
    }
  }

  /** Drops all pages of a block, touched or not, before the block is released. */
  void dropAll(Block block) {
    if (counts) {
      long resident = count(block);
      boolean known = state.get(Reading.RESIDENT) != UNKNOWN && resident != UNKNOWN;
      long left = Math.max(0, state.get(Reading.RESIDENT) - resident);
      state.set(Reading.RESIDENT, known ? left : UNKNOWN);
      drop(block, 0);
    }
  }

  /** Counts no resident bytes any more: the plan releases all blocks. */
  void forget() {
    state.set(Reading.RESIDENT, Math.min(state.get(Reading.RESIDENT), 0)); // or UNKNOWN, still
  }

  private static long sum(long resident, long more) {
    boolean known = resident != UNKNOWN && more != UNKNOWN;
    return known ? resident + more : UNKNOWN;
  }

  /** Returns the resident bytes of a block after correction. A page at either end may be shared. */
  private long corrected(Block block) {
    long resident = count(block);
    boolean known = resident != UNKNOWN;
    if (known && keepsResident && resident < touchedPerBlock - MemoryArea.PAGE_SIZE) {
      touchAgain(block);
      resident = count(block);
    }
    if (resident > touchedPerBlock + 2L * MemoryArea.PAGE_SIZE) {
      drop(block, touchedPerBlock);
      long left = count(block);
      state.add(Reading.GIVEN_BACK, left == UNKNOWN ? 0 : Math.max(0, resident - left));
      resident = left;
    }
    return resident;
  }

  private long count(Block block) {
    long sum = 0;
    for (long at = 0; at < block.committed(); at += COUNTED_AT_ONCE) {
      long start = ticker.nanoTime();
      long bytes = block.resident(at, Math.min(block.committed(), at + COUNTED_AT_ONCE));
      interval.counted(ticker.nanoTime() - start);
      commands.obey();
      sum = sum(sum, bytes);
    }
    return sum;
  }

  private void touchAgain(Block block) {
    for (long at = 0; at < touchedPerBlock && !state.isReleasing(); at += TOUCHED_AT_ONCE) {
      block.touch(at, Math.min(touchedPerBlock, at + TOUCHED_AT_ONCE));
      commands.obey();
    }
  }

  private void drop(Block block, long from) {
    long end = block.committed();
    for (long at = from; at < end && !state.isReleasing(); at += DROPPED_AT_ONCE) {
      long start = ticker.nanoTime();
      block.drop(at, Math.min(end, at + DROPPED_AT_ONCE));
      rest(ticker.nanoTime() - start);
    }
  }

  /** Obeys; rests so that collections can run: most of the time no array is pinned. */
  private void rest(long pinnedNanos) {
    commands.obey();
    pinned += pinnedNanos;
    if (pins && pinned >= PINNED_BEFORE_REST_NANOS) {
      commands.park(Math.min(LONGEST_REST_NANOS, REST_SHARE * pinned));
      pinned = 0;
    }
  }
}
