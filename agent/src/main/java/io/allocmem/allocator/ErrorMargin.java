package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapReadings;
import java.util.function.BooleanSupplier;

/**
 * Margin between a plan and an OutOfMemoryError, if the error is fatal. The margin is a tenth of
 * the capacity or one more block, whichever is larger, since a large array needs contiguous room.
 * If free memory can lie in several pieces, the margin is one block per piece. At least one piece
 * is then large enough. A flag that makes the error fatal can be set while the plan runs. One
 * thread. Allocates nothing except for a check of the flags, while the heap has room.
 */
final class ErrorMargin {
  private static final int FATAL_SHARE = 10;

  /** Interval between two checks of the flags; a check allocates some hundred bytes. */
  private static final long LOOK_NANOS = 1_000_000_000;

  /** Interval while the plan takes heap blocks, which are larger than the allocation of a check. */
  private static final long LOOK_NANOS_TAKING = 20_000_000;

  /** Share of the heap that must be free for a check. */
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
   * @param flags returns true if an OutOfMemoryError would now end this JVM or make the JVM write a
   *     dump
   * @param taken bytes of the area that a block takes
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
   * Checks the flags if the interval has passed.
   *
   * @param allocates true if the plan takes more of the heap at once anyway
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

  /** Returns true if an OutOfMemoryError is fatal, as of the last check. */
  boolean isFatal() {
    return fatal;
  }

  private boolean isSet() {
    try {
      return flags.getAsBoolean();
    } catch (OutOfMemoryError full) {
      return fatal;
    }
  }

  /** Returns the bytes of the heap that the plan itself leaves free. */
  private long away() {
    long pieces = arrays ? taken * heap.regions().gaps(block.bytes()) : block.bytes();
    return Math.max(heap.max() / FATAL_SHARE, pieces) + heap.regions().reserve();
  }

  /**
   * Returns true if one more block could end in the error. Garbage counts as used, so a release
   * changes nothing before the next collection. Outside the heap, a block also needs some small
   * objects on the heap.
   *
   * @param ordered blocks that other threads take, and that may not be allocated yet
   */
  boolean isNear(int ordered) {
    look(onHeap);
    if (!fatal) {
      return false;
    }
    return onHeap
        ? heap.roomForLargeArrays() < taken * (1 + ordered) + away()
        : !HeapReadings.hasRoomForObjects() || area.isNearError(block);
  }

  /**
   * Returns true if other usage has come near the error. On the heap, only live bytes count: a
   * collection can free the rest before an error.
   *
   * @param held bytes that the plan holds, including the loss to regions
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
