package io.allocmem.allocator;

import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.OverheadLimit;

/**
 * Free part of the heap that a plan leaves, since the application can meet an OutOfMemoryError near
 * the GC overhead limit. Applies to plans on the heap that may not risk the error. A block beyond
 * the floor is refused, as by a full area. One thread. Allocates nothing.
 */
final class OverheadFloor {
  /** Share of the heap above the floor where the live heap decides about each single block. */
  private static final int CLOSE_SHARE = 8;

  private final HeapReadings heap;
  private final OverheadLimit limit;
  private final Usage usage;
  private final boolean applies;

  /** False if the request for a collection would wait for a concurrent cycle, and no command. */
  private final boolean collects;

  /** Null if the floor does not apply. */
  private final String reason;

  OverheadFloor(HoldPlan plan, HeapReadings heap, Usage usage) {
    this.heap = heap;
    this.limit = heap.overheadLimit();
    this.usage = usage;
    this.applies = plan.area().isOnHeap() && !plan.allowsOutOfMemory() && limit.isEnforced();
    this.collects = applies && !heap.collectsConcurrently();
    this.reason = applies ? reason(plan) : null;
  }

  private String reason(HoldPlan plan) {
    return "stopped before the GC overhead limit of "
        + limit.collector()
        + ": less than "
        + limit.floorToHuman(heap.max())
        + " would stay free; accept the risk with "
        + plan.wording().option("oom", "allow");
  }

  /**
   * Returns the reason why more bytes would leave less than the floor; null if enough stays free.
   * The live heap is an upper bound, and can include garbage that no collection has found.
   */
  String refusal(long more) {
    return applies && isBelow(limit.floorOf(usage.capacity()) + more) ? reason : null;
  }

  /** Asks the JVM for a collection, if the JVM then stops all threads for it. */
  void collect() {
    if (collects) {
      System.gc();
    }
  }

  /** Returns true if the floor may end the filling soon. Garbage counts as used. */
  boolean isClose() {
    long capacity = usage.capacity();
    return applies && heap.isUsed(capacity - limit.floorOf(capacity) - capacity / CLOSE_SHARE);
  }

  private boolean isBelow(long free) {
    long most = usage.capacity() - free;
    return heap.isUsed(most) && usage.atMost() > most;
  }
}
