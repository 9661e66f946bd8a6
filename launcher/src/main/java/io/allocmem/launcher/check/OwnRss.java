package io.allocmem.launcher.check;

import io.allocmem.plan.HoldPlan;

/**
 * Resident memory of a new JVM beside the touched blocks of its plan. Upper bounds of measurements
 * on JDK 8, 17 and 25 with each collector (Linux x86-64): 40 to 70 MiB with a plan of one MiB, and
 * 2 % of a heap of 2 GiB for the tables of the collector. RunSizesIT repeats the measurement.
 */
final class OwnRss {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;

  private static final long BASE = 88 * MIB;

  /** Share of the heap for the tables of the collector. */
  private static final int HEAP_SHARE = 48;

  /** Kernel stack, page table and descriptor of a thread. */
  private static final long THREAD = 64 * KIB;

  /** Share of a block of metaspace that the class objects take on the heap. */
  private static final int CLASSES_SHARE = 8;

  private OwnRss() {}

  /** Returns the bytes for a plan of that many blocks. */
  static long of(HoldPlan plan, long blocks, long heap) {
    long perBlock =
        switch (plan.area()) {
          case STACK -> THREAD;
          case METASPACE -> plan.blockSize().bytes() / CLASSES_SHARE;
          default -> 0;
        };
    long tables = plan.area().isOnHeap() ? Math.max(0, heap) / HEAP_SHARE : 0;
    return BASE + tables + blocks * perBlock;
  }
}
