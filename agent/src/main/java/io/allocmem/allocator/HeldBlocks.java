package io.allocmem.allocator;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PageKind;
import io.allocmem.readings.KernelLimits;
import io.allocmem.readings.ProcessReadings;

/**
 * Blocks of a plan, in order of allocation: allocates, touches and releases blocks, and counts.
 * Only the plan's thread uses an instance. Allocates nothing but blocks.
 *
 * <p>A new block is touched in slices ({@link #touchSlice}), so that commands come through. Until
 * {@link #keepNewest}, the new block counts, but is not released for headroom. Other threads take
 * blocks as well, see {@link OrderedBlocks}.
 */
final class HeldBlocks {
  /** Bytes touched at once: a command can come between two slices. */
  static final long SLICE = 16L << 20;

  /** Reason of a refusal if not even the small object of a block fits. */
  static final String NO_ROOM_FOR_OBJECTS = "no room on the Java heap for the agent's own objects";

  private final HoldPlan plan;
  private final MemoryArea area;
  private final ProcessReadings process;
  private final PlanState state;
  private final Residency residency;
  private final Exports exports;
  private final boolean fillEnforced;
  private final KernelLimits limits;
  private final long touchedPerBlock;

  /** Null for a plan without huge pages. */
  private final HugeCount huge;

  /** True if the log shows the figures after single blocks. */
  private final boolean showsBlocks;

  private final BlockRing blocks = new BlockRing();

  /** Block that is being touched, and is not in the ring yet; null for none. */
  private Block newest;

  private long touched;

  /** Message for a full heap; a literal would become an object at its first use. */
  private final String noRoomForObjects = String.valueOf(NO_ROOM_FOR_OBJECTS);

  /**
   * @param fillEnforced true if only the touched part of a block stays in RAM
   */
  HeldBlocks(
      HoldPlan plan,
      MemoryArea area,
      ProcessReadings process,
      PlanState state,
      Residency residency,
      Exports exports,
      boolean fillEnforced) {
    this.plan = plan;
    this.area = area;
    this.process = process;
    this.state = state;
    this.residency = residency;
    this.exports = exports;
    this.fillEnforced = fillEnforced;
    this.limits = process.limits(plan.area());
    this.limits.refusal(plan.blockSize().bytes()); // links the calls while the heap has room
    this.showsBlocks = plan.logsBlocks() || plan.statsEvery() > 0;
    this.touchedPerBlock = plan.touchedPerBlock().bytes();
    boolean counts = plan.pages() == PageKind.HUGE;
    this.huge = counts ? new HugeCount(blocks, state, process.hugeMappings()) : null;
  }

  /** Returns true if no block can be released. */
  boolean isEmpty() {
    return blocks.size() == 0;
  }

  /** Allocates one block, to be touched. Returns the reason of a refusal, or null. */
  String allocate() {
    String refusal = prepare();
    return refusal == null ? allocateWithinLimits() : refusal;
  }

  /**
   * Checks the limits of the kernel for one more block beside the ordered blocks, and makes room in
   * the list. Returns the reason of a refusal, or null.
   */
  String prepare() {
    String limited = limits.refusal(plan.blockSize().bytes(), state.ordered());
    if (limited != null) {
      return limited;
    }
    try {
      blocks.reserve(1 + state.ordered() + state.underWay());
      return null;
    } catch (OutOfMemoryError full) {
      return noRoomForObjects;
    }
  }

  private String allocateWithinLimits() {
    exports.blockBegins(0);
    try {
      newest = area.allocate(plan.blockSize());
    } catch (AreaExhausted refused) {
      return refused.getMessage();
    } catch (OutOfMemoryError full) {
      return noRoomForObjects;
    }
    touched = 0;
    count(newest);
    return null;
  }

  /** Counts a new block, which is under way until {@link #keep}. */
  void count(Block block) {
    state.blockBegins();
    state.add(Reading.BLOCKS, 1);
    state.add(Reading.COMMITTED, block.committed());
    waste(regionWaste(block));
  }

  /** Returns true if the newest block needs a further {@link #touchSlice}. */
  boolean isToTouch() {
    return touched < touchedPerBlock;
  }

  /** Touches the next slice of the newest block. */
  void touchSlice() {
    long to = Math.min(touchedPerBlock, touched + SLICE);
    newest.touch(touched, to);
    state.add(Reading.TOUCHED, to - touched);
    touched = to;
  }

  /** Ends the touching of the newest block, and holds the block. */
  void keepNewest() {
    keep(newest, touched, 0);
    newest = null;
    logNewest();
  }

  /**
   * Corrects the resident part of a block that was touched, and holds the block.
   *
   * @param touched bytes that were touched
   * @param place place of the block among the blocks that are taken at once
   */
  void keep(Block block, long touched, int place) {
    long committed = block.committed();
    if (!fillEnforced) {
      state.add(Reading.TOUCHED, committed - touched);
    }
    long resident = residency.settle(block, showsBlocks || exports.recordsBlocks());
    exports.block(place, state, committed, fillEnforced ? touched : committed, resident);
    blocks.add(block);
    state.blockEnds();
  }

  /** Logs the newest held block. */
  void logNewest() {
    exports.log.block(state, fillEnforced);
    exports.log.stats(state, process);
  }

  /** Corrects the newest blocks before a wait, without waiting for further blocks. */
  void settle() {
    residency.settle();
  }

  /** Corrects and counts the resident part of all blocks if the sampling interval has passed. */
  void keepFillRatio() {
    if (residency.isDue()) {
      checkFillRatio();
    }
  }

  /** Corrects and counts all blocks now, unless the figures are those of this moment. */
  void settleFillRatio() {
    residency.settle();
    if (residency.isStale()) {
      checkFillRatio();
    }
  }

  /** Counts huge pages before the figure is shown for a long time. */
  void settleHuge() {
    countHuge(HugeCount.URGENT_COST_SHARE);
  }

  /** Corrects and counts the resident part of all blocks now. */
  void checkFillRatio() {
    residency.begin();
    for (int i = 0; i < blocks.size() && !state.isReleasing(); i++) {
      residency.check(blocks.get(i));
    }
    residency.end();
    countHuge(HugeCount.COST_SHARE);
  }

  private void countHuge(int costShare) {
    if (huge != null) {
      huge.count(costShare);
    }
  }

  /** Returns the block at an index, counted from the oldest block. */
  Block get(int index) {
    return blocks.get(index);
  }

  /** Returns true if a block is a single heap object, with pages of its own. */
  private boolean isArray() {
    return plan.area().isOnHeap() && plan.area().canBeSparse();
  }

  private long regionWaste(Block block) {
    return isArray() ? process.heap().regions().takenBy(block.committed()) - block.committed() : 0;
  }

  private void waste(long bytes) {
    state.add(Reading.REGION_WASTE, bytes);
    process.heap().regions().waste(bytes);
  }

  private void becomesGarbage(long bytes) {
    if (plan.area().isOnHeap()) {
      process.heap().released(bytes, isArray());
    }
  }

  /** Releases the oldest block. */
  void releaseOldest() {
    release(blocks.removeOldest());
  }

  /**
   * Releases the newest block. On the heap, this is the cheaper block: a collector that closes gaps
   * moves what lies above the gap, and new blocks are near the top.
   */
  void releaseNewest() {
    release(blocks.removeNewest());
  }

  /**
   * Releases a removed block. The pages return to the kernel at once, without waiting for a
   * collector or the C library.
   */
  private void release(Block block) {
    long waste = regionWaste(block);
    state.add(Reading.BLOCKS, -1);
    state.add(Reading.COMMITTED, -block.committed());
    waste(-waste);
    becomesGarbage(block.committed() + waste);
    state.add(Reading.TOUCHED, -(fillEnforced ? touchedPerBlock : block.committed()));
    residency.dropAll(block);
    block.release();
    countHuge(HugeCount.COST_SHARE);
  }

  /** Releases all blocks as fast as possible. Allocates nothing. */
  void release() {
    residency.forget();
    while (!isEmpty()) {
      blocks.removeOldest().release();
    }
    if (newest != null) { // after an internal error
      newest.release();
      newest = null;
    }
    becomesGarbage(state.get(Reading.COMMITTED) + state.get(Reading.REGION_WASTE));
    state.set(Reading.BLOCKS, 0);
    state.set(Reading.COMMITTED, 0);
    waste(-state.get(Reading.REGION_WASTE));
    state.set(Reading.TOUCHED, 0);
    countHuge(HugeCount.AT_ONCE);
  }
}
