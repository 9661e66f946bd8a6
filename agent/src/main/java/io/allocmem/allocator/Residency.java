package io.allocmem.allocator;

import io.allocmem.area.Batch;
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
 *
 * <p>Small blocks on the heap are corrected in batches. A new block can therefore be resident as a
 * whole, and missing in the count, for up to 1 MiB of blocks or 10 ms.
 */
final class Residency {
  private static final long UNKNOWN = Reading.UNKNOWN;

  /** Longest time until a new block is corrected. */
  private static final long BATCH_NANOS = 10_000_000;

  private final PlanState state;
  private final CommandPoll commands;
  private final Ticker ticker;
  private final CheckInterval interval;
  private final Correction correction;
  private final boolean counts;

  /** True if all of each block is resident, and is neither counted nor dropped. */
  private final boolean written;

  /** New blocks, or blocks of the running check; null if each block is corrected by itself. */
  private final Batch batch;

  private long batchSince;
  private long counted;

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
    boolean rests = plan.area().isOnHeap() && !process.heap().regions().canPinOften();
    PinnedTime pinned = new PinnedTime(rests, commands, ticker);
    this.interval = new CheckInterval(process.heap(), ticker);
    this.correction = new Correction(plan, state, commands, pinned, interval, ticker);
    boolean available = area.pagesUnavailable() == null;
    this.written = available && area.isWritten(plan.blockSize());
    this.counts = available && !written;
    this.batch = counts ? area.batch(plan.blockSize()) : null;
    state.set(Reading.RESIDENT, available ? 0 : UNKNOWN);
  }

  /**
   * Corrects the resident part of a new block, and adds the resident bytes to the plan's.
   *
   * @param now false if the block can wait for other blocks, to be corrected together
   * @return resident bytes of the block afterwards; {@link Reading#UNKNOWN} if not counted
   */
  long settle(Block block, boolean now) {
    long resident = UNKNOWN;
    if (written) {
      resident = block.committed();
      add(resident);
    } else if (batch != null) {
      batchSince = batch.size() == 0 ? ticker.nanoTime() : batchSince;
      batch.add(block);
      boolean full = now || batch.isFull() || ticker.nanoTime() - batchSince >= BATCH_NANOS;
      resident = full ? settle() : UNKNOWN;
    } else if (counts) {
      resident = correction.of(block);
      add(resident);
    }
    return resident;
  }

  /**
   * Corrects the new blocks that wait for others, if any.
   *
   * @return their resident bytes; {@link Reading#UNKNOWN} if not counted
   */
  long settle() {
    long resident = 0;
    if (batch != null && batch.size() > 0) {
      resident = correction.of(batch);
      add(resident);
    }
    return resident;
  }

  private void add(long resident) {
    state.set(Reading.RESIDENT, Correction.sum(state.get(Reading.RESIDENT), resident));
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
    settle();
    interval.begin();
    counted = 0;
  }

  /** Corrects and counts the resident part of a block. */
  void check(Block block) {
    if (batch != null) {
      batch.add(block);
      if (batch.isFull()) {
        checkBatch();
      }
    } else if (counts) {
      counted = Correction.sum(counted, correction.of(block));
      commands.obey();
    }
  }

  private void checkBatch() {
    counted = Correction.sum(counted, correction.of(batch));
    commands.obey();
  }

  /** Ends a check of all blocks. */
  void end() {
    if (batch != null && batch.size() > 0) {
      checkBatch();
    }
    if (counts) {
      state.set(Reading.RESIDENT, counted);
      interval.end();
    }
  }

  /** Drops all pages of a block, touched or not, before the block is released. */
  void dropAll(Block block) {
    settle();
    long resident = written ? block.committed() : counts ? correction.count(block) : UNKNOWN;
    boolean known = state.get(Reading.RESIDENT) != UNKNOWN && resident != UNKNOWN;
    state.set(
        Reading.RESIDENT, known ? Math.max(0, state.get(Reading.RESIDENT) - resident) : UNKNOWN);
    if (counts) {
      correction.drop(block, 0);
    }
  }

  /** Counts no resident bytes any more: the plan releases all blocks. */
  void forget() {
    if (batch != null) {
      batch.clear();
    }
    state.set(Reading.RESIDENT, Math.min(state.get(Reading.RESIDENT), 0)); // or UNKNOWN, still
  }
}
