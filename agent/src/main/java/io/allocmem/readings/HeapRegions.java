package io.allocmem.readings;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How this JVM's collector lays large arrays on the heap, and what it needs beside them. Bytes,
 * unless said otherwise. Any thread; allocates nothing.
 */
public final class HeapRegions {
  /** This JVM's release; 1.8 for 8. */
  private static final double RELEASE =
      Double.parseDouble(System.getProperty("java.specification.version"));

  /**
   * Before it could relocate in place ZGC kept a medium page for that, and most arrays need one.
   */
  private static final long ZGC_RESERVE = (RELEASE < 16 ? 80L : 40L) << 20;

  /** It gives up after some collections that free less (ShenandoahNoProgressThreshold). */
  private static final int SHENANDOAH_SHARE = 8;

  /** G1, once nothing else helps (JDK-8191565). */
  private static final boolean MOVES_LARGE_ARRAYS = RELEASE >= 22;

  /** On JDK 8 an array alone counts as used, and not what it loses to regions. */
  private static final boolean COUNTS_WASTE = RELEASE >= 9;

  /** What the arrays of all plans in this JVM lose. */
  private static final AtomicLong WASTE = new AtomicLong();

  private final long size = JvmFlags.isOn("UseG1GC") ? JvmFlags.number("G1HeapRegionSize") : 0;
  private final long gaps = MOVES_LARGE_ARRAYS ? 1 : 1 + JvmFlags.number("ParallelGCThreads");
  private final long reserve = reserveOfCollector();

  HeapRegions() {}

  private static long reserveOfCollector() {
    if (JvmFlags.isOn("UseZGC")) {
      return ZGC_RESERVE;
    }
    return JvmFlags.isOn("UseShenandoahGC")
        ? Runtime.getRuntime().maxMemory() / SHENANDOAH_SHARE
        : 0;
  }

  /**
   * What the collector needs of the heap itself: ZGC for its moves a medium page and some small
   * ones for each worker, and twice as much until it could relocate in place, in JDK 16; Shenandoah
   * to make progress.
   */
  public long reserve() {
    return reserve;
  }

  /**
   * In how many pieces what is free may lie for an array of so many bytes. Before JDK 22 G1 does
   * not move arrays of several regions: gaps stay between them where something lay when they came,
   * which each thread of a full collection gathers at a place of its own, beside what was young.
   */
  public long gaps(long bytes) {
    return size > 0 && bytes > size ? gaps : 1;
  }

  /**
   * Whether an array that takes so many bytes has regions of its own, which any collection frees.
   */
  boolean isWhole(long taken) {
    return size > 0 && taken > size / 2;
  }

  /** A plan's arrays lose so many bytes more to regions, or less. */
  public void waste(long bytes) {
    WASTE.addAndGet(bytes);
  }

  /** What all plans' arrays lose and the JVM does not count as used. */
  long uncounted() {
    return COUNTS_WASTE ? 0 : WASTE.get();
  }

  /** What an array of so many bytes takes of the heap: on G1 a large one takes whole regions. */
  public long takenBy(long bytes) {
    return takenBy(bytes, size);
  }

  /**
   * The same for any heap.
   *
   * @param regionSize of G1, else 0
   */
  public static long takenBy(long bytes, long regionSize) {
    boolean humongous = regionSize > 0 && bytes > regionSize / 2;
    return humongous ? (bytes + regionSize - 1) / regionSize * regionSize : bytes;
  }
}
