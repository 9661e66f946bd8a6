package io.allocmem.allocator;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Counters;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;

/**
 * Keeps a fill ratio true: of each block the touched part is in RAM and the rest is not, whatever
 * collectors and the kernel do meanwhile. Serial, Parallel and CMS move arrays, others move small
 * ones, and what is moved is resident as a whole; the kernel swaps out. Runs in the plan's thread
 * while that could wait, and counts what the status says. Allocates nothing.
 */
final class Residency {
  private static final long UNKNOWN = Reading.UNKNOWN;

  /** Bytes between two looks for a command. */
  private static final long TOUCHED_AT_ONCE = 16L << 20;

  /** Bytes while an array is pinned: well under a millisecond, see {@code Pages}. */
  private static final long COUNTED_AT_ONCE = 16L << 20;

  private static final long DROPPED_AT_ONCE = 1L << 20;

  /**
   * While an array is pinned some collections wait, and threads that want memory with them; one
   * that meets this three times gets an OutOfMemoryError, before JDK 25 (JDK-8192647). So arrays
   * are pinned for a tenth of the time; for more where giving back is slow, as with huge pages.
   */
  private static final long PINNED_BEFORE_REST_NANOS = 100_000;

  private static final long REST_SHARE = 9;
  private static final long LONGEST_REST_NANOS = 900_000;

  /** How soon all blocks are looked at again after a collection: it may have moved them. */
  private static final long AFTER_COLLECTION_NANOS = 500_000_000;

  /** And without one: then counting takes at most a 2000th of the time. */
  private static final long IDLE_NANOS = 5_000_000_000L;

  private static final long LONGEST_IDLE_NANOS = 60_000_000_000L;
  private static final long IDLE_SHARE = 2000;

  private final HeldBlocks held;
  private final Counters counters;
  private final CommandPoll commands;
  private final ProcessReadings process;
  private final Ticker ticker;
  private final long touchedPerBlock;
  private final boolean keepsResident;
  private final boolean counts;
  private int settledBlocks;
  private long activity;
  private long lastLook;
  private long countingNanos;
  private long pinned;

  Residency(
      HoldPlan plan,
      MemoryArea area,
      HeldBlocks held,
      Counters counters,
      CommandPoll commands,
      ProcessReadings process,
      Ticker ticker) {
    this.held = held;
    this.counters = counters;
    this.commands = commands;
    this.process = process;
    this.ticker = ticker;
    this.touchedPerBlock = plan.fill().of(plan.blockSize()).bytes();
    this.keepsResident = plan.keepsResident();
    this.counts = area.pagesUnavailable() == null;
    this.lastLook = ticker.nanoTime();
    counters.set(Reading.RESIDENT, counts ? 0 : UNKNOWN);
  }

  /**
   * Gives back what the block after those so far has too much in RAM, and counts the rest.
   *
   * @return what of the block is in RAM then
   */
  long settle(Block block) {
    if (!counts) {
      return UNKNOWN;
    }
    long resident = settled(block);
    counters.set(Reading.RESIDENT, sum(counters.get(Reading.RESIDENT), resident));
    settledBlocks++;
    return resident;
  }

  /** Looks at all blocks if it is time to. */
  void keep() {
    long counted = process.heap().activity();
    boolean collected = counted != activity || counted == UNKNOWN;
    long idle = Math.max(IDLE_NANOS, Math.min(LONGEST_IDLE_NANOS, IDLE_SHARE * countingNanos));
    long rest = collected ? AFTER_COLLECTION_NANOS : idle;
    if (ticker.nanoTime() - lastLook >= rest) {
      look();
    }
  }

  /** Looks at all settled blocks now: there may be one more, which is still being touched. */
  void look() {
    if (!counts) {
      return;
    }
    activity = process.heap().activity();
    countingNanos = 0;
    long resident = 0;
    for (int i = 0; i < settledBlocks && !commands.isReleasing(); i++) {
      resident = sum(resident, settled(held.get(i)));
      commands.obey();
    }
    counters.set(Reading.RESIDENT, resident);
    lastLook = ticker.nanoTime();
  }

  /** Gives a settled block's pages back, touched or not; it is no longer one of ours. */
  void giveBack(Block block) {
    if (counts) {
      long resident = count(block);
      boolean known = counters.get(Reading.RESIDENT) != UNKNOWN && resident != UNKNOWN;
      counters.set(
          Reading.RESIDENT,
          known ? Math.max(0, counters.get(Reading.RESIDENT) - resident) : UNKNOWN);
      settledBlocks--;
      drop(block, 0);
    }
  }

  /** There are no blocks any more. */
  void forget() {
    settledBlocks = 0;
    counters.set(
        Reading.RESIDENT, Math.min(counters.get(Reading.RESIDENT), 0)); // or not counted, still
  }

  private static long sum(long resident, long more) {
    boolean known = resident != UNKNOWN && more != UNKNOWN;
    return known ? resident + more : UNKNOWN;
  }

  /** What is in RAM of a block once that is as it should be; a page at either end may be shared. */
  private long settled(Block block) {
    long resident = count(block);
    boolean known = resident != UNKNOWN;
    if (known && keepsResident && resident < touchedPerBlock - MemoryArea.PAGE_SIZE) {
      touch(block);
      resident = count(block);
    }
    if (resident > touchedPerBlock + 2L * MemoryArea.PAGE_SIZE) {
      drop(block, touchedPerBlock);
      long left = count(block);
      counters.add(Reading.GIVEN_BACK, left == UNKNOWN ? 0 : Math.max(0, resident - left));
      resident = left;
    }
    return resident;
  }

  private long count(Block block) {
    long sum = 0;
    for (long at = 0; at < block.committed(); at += COUNTED_AT_ONCE) {
      long start = ticker.nanoTime();
      long bytes = block.resident(at, Math.min(block.committed(), at + COUNTED_AT_ONCE));
      long nanos = ticker.nanoTime() - start;
      countingNanos += nanos;
      rest(nanos);
      sum = sum(sum, bytes);
    }
    return sum;
  }

  private void touch(Block block) {
    for (long at = 0; at < touchedPerBlock && !commands.isReleasing(); at += TOUCHED_AT_ONCE) {
      block.touch(at, Math.min(touchedPerBlock, at + TOUCHED_AT_ONCE));
      commands.obey();
    }
  }

  private void drop(Block block, long from) {
    long end = block.committed();
    for (long at = from; at < end && !commands.isReleasing(); at += DROPPED_AT_ONCE) {
      long start = ticker.nanoTime();
      block.drop(at, Math.min(end, at + DROPPED_AT_ONCE));
      rest(ticker.nanoTime() - start);
    }
  }

  /** Lets collections come: most of the time no array is pinned. */
  private void rest(long pinnedNanos) {
    pinned += pinnedNanos;
    if (pinned >= PINNED_BEFORE_REST_NANOS) {
      commands.park(Math.min(LONGEST_REST_NANOS, REST_SHARE * pinned));
      pinned = 0;
    }
  }
}
