package io.allocmem.launcher.check;

import io.allocmem.launcher.process.JvmErgonomics;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapRegions;
import io.allocmem.readings.OverheadLimit;

/**
 * Heap that the blocks of a plan take on the heap of a JVM that does not run yet, and the heap that
 * the collector needs beside the blocks. The values were measured with plans of 300 to 2100 MiB and
 * blocks of 0.7 to 100 MiB, on JDK 8 to 25 (Linux x86-64). RunSizesIT repeats the measurement.
 *
 * @param given options of the JVM
 */
record HeapLayout(JvmErgonomics jvm, StartOptions given) {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;

  /**
   * Young generation. Small, since a collection copies the young blocks, and makes untouched pages
   * resident. By default a third of the heap is young, and RSS exceeds the plan by as much.
   */
  private static final long YOUNG = 8 * MIB;

  /**
   * Young generation that is too small for a block of this size: the block is old from the start,
   * and no collection copies the block. Measured with 600 MiB at a fill ratio of 0.25: 210 MiB at
   * most, and 383 MiB with a young generation of twice this size (Serial, JDK 25).
   */
  private static final long YOUNG_OF_ARRAYS = MIB;

  /**
   * Classes, strings and threads of JVM and agent. Plans ended EXHAUSTED with 8 MiB, not with 16.
   */
  private static final long OWN = 24 * MIB;

  /**
   * Regions of G1 beside the blocks. Plans ended EXHAUSTED with 14 regions, not with 16 (JDK 8).
   */
  private static final long REGIONS = 24;

  private static final long YOUNG_REGIONS = 4;

  /** Share of the blocks that ZGC needs: with less free heap, ZGC collects all the time. */
  private static final int ZGC_SHARE = 8;

  private static final long ZGC_LEAST = 64 * MIB;
  private static final long ZGC_SMALL_PAGE = 2 * MIB;
  private static final long ZGC_SMALL_OBJECT = 256 * KIB;
  private static final long ZGC_LARGEST_MEDIUM_PAGE = 32 * MIB;

  /** Divisor of the heap for the medium page: 3.125 %. */
  private static final int ZGC_MEDIUM_SHARE = 32;

  /**
   * An older ZGC has medium pages of one size, and keeps pages for its workers. On JDK 11 with 600
   * blocks of 1 MiB, plans ended EXHAUSTED with 676 MiB, not with 712. JDK 12 to 15 were not tried,
   * and get the larger heap.
   */
  private static final int ZGC_WITHOUT_RESERVE = 16;

  /** A page has room for this many of the largest objects for this page. */
  private static final int ZGC_OBJECTS = 8;

  /** Share of the blocks that Shenandoah needs: with less free heap, it collects all the time. */
  private static final int SHENANDOAH_SHARE = 4;

  private static final long SHENANDOAH_REGIONS = 2048;
  private static final long SHENANDOAH_LEAST_REGION = 256 * KIB;

  /** Granule of heap sizes: the JVM rounds other sizes up (card table, ZGC's granule). */
  private static final long GRANULE = 2 * MIB;

  /** Returns the size as the JVM rounds the size: no heap is larger than its option says. */
  long rounded(long heap) {
    return up(heap, isG1() ? Math.max(GRANULE, region(heap)) : GRANULE);
  }

  /** Returns the option for the young generation; empty for a collector without one. */
  String young(HoldPlan plan, long heap) {
    if (isGenerational()) {
      return "-Xmn" + (isOldAtOnce(plan) ? YOUNG_OF_ARRAYS : YOUNG) / MIB + "m";
    }
    return isG1() ? "-Xmn" + youngOfG1(heap) / MIB + "m" : "";
  }

  /** Returns the heap that the blocks take. */
  long takenBy(HoldPlan plan, long blocks, long heap) {
    long block = plan.blockSize().bytes();
    if (plan.area() == AreaKind.OBJECTS) {
      return blocks * block;
    }
    if (isG1()) {
      long region = region(heap);
      return block > region / 2
          ? blocks * HeapRegions.takenBy(block, region)
          : Math.max(packed(blocks, block, region), blocks * block / 8 * 9);
    }
    if (jvm.isOn("UseZGC")) {
      return onZgc(blocks, block, heap);
    }
    if (isShenandoah()) {
      long least = Long.highestOneBit(Math.max(1, heap / SHENANDOAH_REGIONS)) << 1;
      long region = Math.max(SHENANDOAH_LEAST_REGION, least);
      return block > region ? blocks * up(block, region) : packed(blocks, block, region);
    }
    return blocks * block;
  }

  /** Objects of a medium size share a medium page; a larger object has a page of its own. */
  private long onZgc(long blocks, long block, long heap) {
    long page = mediumPage(heap);
    if (block <= ZGC_SMALL_OBJECT) {
      return packed(blocks, block, ZGC_SMALL_PAGE);
    }
    boolean shared = page > ZGC_SMALL_PAGE && block <= page / ZGC_OBJECTS;
    return shared ? packed(blocks, block, page) : blocks * up(block, ZGC_SMALL_PAGE);
  }

  private long mediumPage(long heap) {
    if (jvm.jdk() < ZGC_WITHOUT_RESERVE) {
      return ZGC_LARGEST_MEDIUM_PAGE;
    }
    long medium = Long.highestOneBit(Math.max(1, heap / ZGC_MEDIUM_SHARE));
    return Math.min(ZGC_LARGEST_MEDIUM_PAGE, medium);
  }

  private static long packed(long blocks, long block, long page) {
    long inPage = page / block;
    return (blocks + inPage - 1) / inPage * page;
  }

  private static long up(long bytes, long unit) {
    return (bytes + unit - 1) / unit * unit;
  }

  /**
   * Returns the heap that the JVM needs beside the blocks.
   *
   * @param taken bytes of the heap that the blocks take
   */
  long beside(long taken, long heap) {
    if (isG1()) {
      return Math.max(OWN + YOUNG, REGIONS * region(heap));
    }
    if (isGenerational()) {
      return OWN + YOUNG;
    }
    return isShenandoah()
        ? Math.max(ZGC_LEAST, taken / SHENANDOAH_SHARE)
        : Math.max(ZGC_LEAST, taken / ZGC_SHARE) + zgcReserve();
  }

  /** Pages that an older ZGC keeps for its workers: a small one each, and a medium one for all. */
  private long zgcReserve() {
    return jvm.jdk() < ZGC_WITHOUT_RESERVE
        ? Math.max(1, jvm.number("ParallelGCThreads")) * ZGC_SMALL_PAGE + ZGC_LARGEST_MEDIUM_PAGE
        : 0;
  }

  /**
   * Returns the distance that a plan keeps from an OutOfMemoryError where the error is fatal: see
   * ErrorMargin in the agent.
   */
  long errorMargin(HoldPlan plan, long heap) {
    long block = takenBy(plan, 1, heap);
    boolean gaps = isG1() && jvm.jdk() < 22 && block > region(heap);
    long pieces = gaps ? 1 + Math.max(1, jvm.number("ParallelGCThreads")) : 1;
    long reserve = jvm.isOn("UseZGC") ? 80 * MIB : 0;
    return Math.max(heap / 9, pieces * block) + (isShenandoah() ? heap / 8 : reserve);
  }

  /**
   * Returns the bytes that a plan leaves free for the GC overhead limit. The update of the JDK is
   * unknown here: the latest update counts.
   */
  long overheadFloor(HoldPlan plan, long heap) {
    boolean on = jvm.isOn("UseGCOverheadLimit") && !plan.allowsOutOfMemory();
    long percent = on ? jvm.number("GCHeapFreeLimit") : 0;
    if (isG1()) {
      return OverheadLimit.ofG1(jvm.jdk() + ".0.99", percent, region(heap)).floorOf(heap);
    }
    return jvm.isOn("UseParallelGC") ? OverheadLimit.ofParallel(percent, heap).floorOf(heap) : 0;
  }

  /** Returns true if a collection copies blocks, and so makes untouched pages resident. */
  boolean copies(HoldPlan plan, long heap) {
    long block = plan.blockSize().bytes();
    boolean young = isG1() && block <= region(heap) / 2;
    boolean shared = jvm.isOn("UseZGC") && block <= mediumPage(heap) / ZGC_OBJECTS;
    return plan.area() == AreaKind.OBJECTS
        || isGenerational() && !isOldAtOnce(plan)
        || young
        || shared;
  }

  private static boolean isOldAtOnce(HoldPlan plan) {
    return plan.area() == AreaKind.HEAP && plan.blockSize().bytes() >= YOUNG_OF_ARRAYS;
  }

  private boolean isG1() {
    return jvm.isOn("UseG1GC");
  }

  private boolean isShenandoah() {
    return jvm.isOn("UseShenandoahGC");
  }

  private boolean isGenerational() {
    return jvm.isOn("UseSerialGC") || jvm.isOn("UseParallelGC") || jvm.isOn("UseConcMarkSweepGC");
  }

  private long youngOfG1(long heap) {
    return Math.max(YOUNG, YOUNG_REGIONS * region(heap));
  }

  /** Returns the region size of G1 for a heap that starts at its maximum. */
  private long region(long heap) {
    return Math.max(MIB, HeapFacts.region(given, jvm.jdk(), heap, heap));
  }
}
