package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapReadings;
import java.util.function.BooleanSupplier;

/**
 * How far a plan stays away from an OutOfMemoryError, where that is fatal: by a tenth of the
 * capacity or by one block more, whichever is larger, since a large array needs its room in one
 * piece. Where what is free can lie in several pieces, by a block for each: so one of them is large
 * enough. A flag that makes it fatal can be set while the plan runs. One thread; allocates nothing
 * but for a look at the flags, while there is room.
 */
final class ErrorMargin {
  private static final int FATAL_SHARE = 10;

  /** Between two looks at the flags, which allocate some hundred bytes. */
  private static final long LOOK_NANOS = 1_000_000_000;

  /** The same while blocks are taken of the heap, which are larger. */
  private static final long LOOK_NANOS_TAKING = 20_000_000;

  /** So much of the heap must be free for that. */
  private static final int LOOK_SHARE = 64;

  private static final ByteSize NOTHING = ByteSize.ofBytes(0);

  private final MemoryArea area;
  private final HeapReadings heap;
  private final BooleanSupplier flags;
  private final Ticker ticker;
  private final boolean applies;
  private final boolean onHeap;
  private final boolean arrays;
  private final ByteSize block;
  private final long taken;
  private boolean fatal;
  private long lookedAt;

  /**
   * @param flags whether an OutOfMemoryError would end this JVM now, or make it write a dump
   * @param taken of the area by one block
   */
  ErrorMargin(
      HoldPlan plan,
      MemoryArea area,
      HeapReadings heap,
      BooleanSupplier flags,
      long taken,
      Ticker ticker) {
    this.area = area;
    this.heap = heap;
    this.flags = flags;
    this.ticker = ticker;
    this.onHeap = plan.area().isOnHeap();
    this.arrays = plan.area() == AreaKind.HEAP;
    this.block = plan.blockSize();
    this.taken = taken;
    this.applies = !plan.allowsOutOfMemory();
    this.fatal = applies && flags.getAsBoolean();
    this.lookedAt = ticker.nanoTime();
  }

  /**
   * Looks at the flags, if it is time to.
   *
   * @param allocates whether so much more is taken of the heap at once anyway
   */
  private void look(boolean allocates) {
    long now = ticker.nanoTime();
    if (!applies || now - lookedAt < (allocates ? LOOK_NANOS_TAKING : LOOK_NANOS)) {
      return;
    }
    if (allocates || !heap.isUsed(heap.max() - heap.max() / LOOK_SHARE)) {
      lookedAt = now;
      fatal = isSet();
    }
  }

  private boolean isSet() {
    try {
      return flags.getAsBoolean();
    } catch (OutOfMemoryError full) {
      return fatal;
    }
  }

  /** What is left free of the heap by the plan itself. */
  private long away() {
    long pieces = arrays ? taken * heap.regions().gaps(block.bytes()) : block.bytes();
    return Math.max(heap.max() / FATAL_SHARE, pieces) + heap.regions().reserve();
  }

  /**
   * Whether one more block could end in the error. Garbage counts as used there, so giving blocks
   * back does not change it before the next collection. Outside of the heap a block is some small
   * objects on it as well.
   */
  boolean isNear() {
    look(onHeap);
    if (!fatal) {
      return false;
    }
    return onHeap
        ? heap.roomForLargeArrays() < taken + away()
        : !HeapReadings.hasRoomForObjects() || area.isNearError(block);
  }

  /**
   * Whether others have come near it. On the heap by what is live: all else a collection can free
   * before it comes to an error.
   *
   * @param held by the plan, with what it loses to regions
   */
  boolean haveOthersComeNear(long held) {
    look(false);
    if (!fatal || !onHeap) {
      return fatal && area.isNearError(NOTHING);
    }
    long live = heap.liveLately(held);
    return live != Reading.UNKNOWN && heap.roomBeside(live) < away();
  }
}
