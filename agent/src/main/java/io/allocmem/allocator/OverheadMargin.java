package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.OverheadLimit;

/**
 * Margin between a plan on the heap and the GC overhead limit of G1. Below the limit, the
 * application can meet an OutOfMemoryError although a collection would find room. Applies unless
 * the plan allows the risk. One thread. Allocates nothing.
 */
final class OverheadMargin {
  private final OverheadLimit limit;
  private final Usage usage;
  private final boolean applies;
  private final String accept;

  OverheadMargin(HoldPlan plan, OverheadLimit limit, Usage usage) {
    this.limit = limit;
    this.usage = usage;
    this.accept = plan.wording().option("oom", "allow");
    this.applies =
        plan.area().isOnHeap() && !plan.allowsOutOfMemory() && limit.bytesOf(usage.capacity()) > 0;
  }

  /**
   * Returns true if one more block comes near the limit.
   *
   * @param more bytes of that block, and of blocks that other threads take
   */
  boolean isNear(long more) {
    return applies && free(usage.atMost()) < kept(1.0) + more;
  }

  /**
   * Returns true if a block in place of a released block comes near the limit.
   *
   * @param more bytes of that block; zero for held blocks alone
   */
  boolean isNearWith(long more) {
    return applies && free(usage.atLeast()) < kept(0.5) + more;
  }

  private long free(long used) {
    return usage.capacity() - used;
  }

  /**
   * @param slacks hysteresis: full slack before an allocation, half for held blocks
   */
  private double kept(double slacks) {
    long heap = usage.capacity();
    return limit.bytesOf(heap) + slacks * limit.slackOf(heap);
  }

  /** Appends the reason for a wait, for people. */
  void explain(AsciiLine line) {
    line.append("below ").appendSize(limit.bytesOf(usage.capacity()));
    line.append(
        " of free heap (GCHeapFreeLimit), G1 of this JDK throws an OutOfMemoryError in the");
    line.append(" application (GC overhead limit); accept the risk with ").append(accept);
  }
}
