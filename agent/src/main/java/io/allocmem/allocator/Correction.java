package io.allocmem.allocator;

import io.allocmem.area.Batch;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;

/**
 * Correction of blocks: touches again what the kernel swapped out, and drops pages beyond the fill
 * ratio. Counts the resident bytes afterwards. Only the plan's thread uses an instance. Allocates
 * nothing.
 */
final class Correction {
  private static final long UNKNOWN = Reading.UNKNOWN;

  /** Bytes touched between two polls for a command. */
  private static final long TOUCHED_AT_ONCE = 16L << 20;

  /** Bytes counted between two polls for a command. */
  private static final long COUNTED_AT_ONCE = 16L << 20;

  private static final long DROPPED_AT_ONCE = 1L << 20;

  private final PlanState state;
  private final CommandPoll commands;
  private final Ticker ticker;
  private final PinnedTime pinned;
  private final CheckInterval interval;
  private final long touchedPerBlock;

  /** Bytes dropped at once: not less than a huge page, which the kernel would have to split. */
  private final long droppedAtOnce;

  private final boolean keepsResident;

  Correction(
      HoldPlan plan,
      PlanState state,
      CommandPoll commands,
      PinnedTime pinned,
      CheckInterval interval,
      Ticker ticker) {
    this.state = state;
    this.commands = commands;
    this.ticker = ticker;
    this.pinned = pinned;
    this.interval = interval;
    this.touchedPerBlock = plan.touchedPerBlock().bytes();
    this.droppedAtOnce = Math.max(DROPPED_AT_ONCE, plan.pageSize());
    this.keepsResident = plan.keepsResident();
  }

  /** Returns the sum of two counts; unknown if a count is unknown. */
  static long sum(long resident, long more) {
    boolean known = resident != UNKNOWN && more != UNKNOWN;
    return known ? resident + more : UNKNOWN;
  }

  /**
   * Corrects all blocks of a batch, and empties the batch.
   *
   * @return resident bytes afterwards; {@link Reading#UNKNOWN} if not counted
   */
  long of(Batch batch) {
    long start = ticker.nanoTime();
    boolean counted = batch.trim(touchedPerBlock);
    interval.counted(pinned.since(start));
    long resident = counted ? batch.resident() : UNKNOWN;
    if (!counted || keepsResident && batch.isMissing()) {
      resident = oneByOne(batch);
    } else {
      state.add(Reading.GIVEN_BACK, batch.dropped());
    }
    batch.clear();
    return resident;
  }

  private long oneByOne(Batch batch) {
    long resident = 0;
    for (int i = 0; i < batch.size() && !state.isReleasing(); i++) {
      resident = sum(resident, of(batch.get(i)));
    }
    return resident;
  }

  /**
   * Corrects a block. A page at either end may be shared.
   *
   * @return resident bytes afterwards; {@link Reading#UNKNOWN} if not counted
   */
  long of(Block block) {
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

  /**
   * Returns the resident bytes of a block; {@link Reading#UNKNOWN} if not counted. Commands come
   * between two parts of a large block, so that no status lacks the figure of a small block.
   */
  long count(Block block) {
    long sum = 0;
    for (long at = 0; at < block.committed(); at += COUNTED_AT_ONCE) {
      if (at > 0) {
        commands.obey();
      }
      long start = ticker.nanoTime();
      long bytes = block.resident(at, Math.min(block.committed(), at + COUNTED_AT_ONCE));
      interval.counted(ticker.nanoTime() - start);
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

  /** Drops all pages of a block that touching up to {@code from} does not need. */
  void drop(Block block, long from) {
    long end = block.committed();
    for (long at = from; at < end && !state.isReleasing(); at += droppedAtOnce) {
      long start = ticker.nanoTime();
      block.drop(at, Math.min(end, at + droppedAtOnce));
      pinned.since(start);
    }
  }
}
