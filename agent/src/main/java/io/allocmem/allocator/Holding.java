package io.allocmem.allocator;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Counters;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.KernelLimits;
import io.allocmem.readings.ProcessReadings;
import java.util.function.BooleanSupplier;

/**
 * Held memory of a plan: takes one more block, releases the oldest block, and counts. Only the
 * plan's thread uses an instance. Allocates nothing but blocks.
 */
final class Holding {
  /** Bytes touched at once: a command can come between two slices. */
  private static final long SLICE = 16L << 20;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final ProcessReadings process;
  private final Counters counters;
  private final HeldBlocks held;
  private final Residency residency;
  private final Exports faces;
  private final boolean fillEnforced;
  private final KernelLimits limits;
  private final long touchedPerBlock;
  private boolean taking;

  /** Message for a full heap; a literal would become an object at its first use. */
  private final String noRoomForObjects =
      String.valueOf("no room on the Java heap for the agent's own objects");

  /**
   * @param fillEnforced true if only the touched part of a block stays in RAM
   */
  Holding(
      HoldPlan plan,
      MemoryArea area,
      ProcessReadings process,
      Counters counters,
      HeldBlocks held,
      Residency residency,
      Exports faces,
      boolean fillEnforced) {
    this.plan = plan;
    this.area = area;
    this.process = process;
    this.counters = counters;
    this.held = held;
    this.residency = residency;
    this.faces = faces;
    this.fillEnforced = fillEnforced;
    this.limits = process.limits(plan.area());
    this.limits.refusal(plan.blockSize().bytes()); // links the calls while the heap has room
    this.touchedPerBlock = plan.fill().of(plan.blockSize()).bytes();
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /**
   * Returns true if the plan can release a block. A block that the plan is just touching does not
   * count.
   */
  boolean canGiveBack() {
    return !held.isEmpty() && !(taking && counters.get(Reading.BLOCKS) == 1);
  }

  /**
   * Takes and touches one block.
   *
   * @param proceed called between two slices; false once the plan is releasing
   * @return the reason of a refusal, or null
   */
  String take(BooleanSupplier proceed) {
    String limited = limits.refusal(plan.blockSize().bytes());
    return limited == null ? takeWithinLimits(proceed) : limited;
  }

  private String takeWithinLimits(BooleanSupplier proceed) {
    Block block;
    faces.blockBegins();
    try {
      held.reserve();
      block = area.allocate(plan.blockSize());
    } catch (AreaExhausted refused) {
      return refused.getMessage();
    } catch (OutOfMemoryError full) {
      return noRoomForObjects;
    }
    held.add(block);
    counters.add(Reading.BLOCKS, 1);
    counters.add(Reading.COMMITTED, block.committed());
    waste(regionWaste(block));
    taking = true;
    long touched = touch(block, proceed);
    taking = false;
    long resident = residency.settle(block);
    faces.block(counters, block.committed(), touched, resident);
    return null;
  }

  /** Returns the bytes that count as touched. During a pause, the plan may release older blocks. */
  private long touch(Block block, BooleanSupplier proceed) {
    long touched = 0;
    while (touched < touchedPerBlock && proceed.getAsBoolean()) {
      long to = Math.min(touchedPerBlock, touched + SLICE);
      block.touch(touched, to);
      counters.add(Reading.TOUCHED, to - touched);
      touched = to;
    }
    if (!fillEnforced) {
      counters.add(Reading.TOUCHED, block.committed() - touched);
      touched = block.committed();
    }
    return touched;
  }

  /** Returns true if a block is a single heap object, with pages of its own. */
  private boolean isArray() {
    return plan.area().isOnHeap() && plan.area().canBeSparse();
  }

  private long regionWaste(Block block) {
    return isArray() ? process.heap().regions().takenBy(block.committed()) - block.committed() : 0;
  }

  private void waste(long bytes) {
    counters.add(Reading.REGION_WASTE, bytes);
    process.heap().regions().waste(bytes);
  }

  private void becomesGarbage(long bytes) {
    if (plan.area().isOnHeap()) {
      process.heap().gaveBack(bytes, isArray());
    }
  }

  /**
   * Releases the oldest block. The pages return to the kernel at once, without waiting for a
   * collector or the C library.
   */
  void giveBackOldest() {
    Block block = held.removeOldest();
    long waste = regionWaste(block);
    counters.add(Reading.BLOCKS, -1);
    counters.add(Reading.COMMITTED, -block.committed());
    waste(-waste);
    becomesGarbage(block.committed() + waste);
    counters.add(Reading.TOUCHED, -(fillEnforced ? touchedPerBlock : block.committed()));
    residency.giveBack(block);
    block.release();
  }

  /** Releases all blocks as fast as possible. */
  void release() {
    residency.forget();
    held.release();
    becomesGarbage(counters.get(Reading.COMMITTED) + counters.get(Reading.REGION_WASTE));
    counters.set(Reading.BLOCKS, 0);
    counters.set(Reading.COMMITTED, 0);
    waste(-counters.get(Reading.REGION_WASTE));
    counters.set(Reading.TOUCHED, 0);
  }
}
