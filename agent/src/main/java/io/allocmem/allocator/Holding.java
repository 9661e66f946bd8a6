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
 * What a plan holds: takes one block more, gives the oldest back, and counts. Only the plan's
 * thread uses it. Allocates nothing but blocks.
 */
final class Holding {
  /** Pages are touched in slices: between two of them a command can come. */
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

  /** Said when the heap has no room; a literal would become an object when it is first used. */
  private final String noRoomForObjects =
      String.valueOf("no room on the Java heap for the agent's own objects");

  /**
   * @param fillEnforced whether only the touched part of a block stays in RAM
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

  /** Whether there is a block beside the one that is just being taken, which is written to. */
  boolean canGiveBack() {
    return !held.isEmpty() && !(taking && counters.get(Reading.BLOCKS) == 1);
  }

  /**
   * Takes and touches one block.
   *
   * @param proceed asked between two slices: false when told to release
   * @return the reason when it is refused, else null
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

  /** Returns what counts as touched; while it is paused, older blocks may go. */
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

  /** Only such a block is one object: that of an area whose pages are its own. */
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

  /** Its pages go back at once, not when a collector or the C library gets round to it. */
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

  /** Gives all of them back, as fast as can be. */
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
