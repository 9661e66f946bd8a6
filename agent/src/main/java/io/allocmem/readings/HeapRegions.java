package io.allocmem.readings;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Layout of large arrays on the heap of this JVM's collector, and the room that the collector needs
 * beside the arrays. Values are bytes, unless a method says otherwise. Any thread; allocates
 * nothing.
 */
public final class HeapRegions {
  /** Release of this JVM. A number with a point would load the JDK's classes for decimals. */
  private static final int RELEASE = release(System.getProperty("java.specification.version"));

  /**
   * Reserve of ZGC. Before ZGC could relocate in place, ZGC kept a medium page for relocation. Most
   * arrays need a medium page.
   */
  private static final long ZGC_RESERVE = (RELEASE < 16 ? 80L : 40L) << 20;

  /**
   * Divisor for Shenandoah's reserve: Shenandoah gives up after some collections that free less
   * (ShenandoahNoProgressThreshold).
   */
  private static final int SHENANDOAH_SHARE = 8;

  /** True if G1 moves large arrays as a last resort (JDK-8191565). */
  private static final boolean MOVES_LARGE_ARRAYS = RELEASE >= 22;

  /** False on JDK 8, where used heap includes an array but not the array's region waste. */
  private static final boolean COUNTS_WASTE = RELEASE >= 9;

  /** Release whose collectors let no thread wait three times for a pinned array (JDK-8192647). */
  private static final int WAITS_ONCE = 25;

  /** Region waste of the arrays of all plans in this JVM. */
  private static final AtomicLong WASTE = new AtomicLong();

  private final long size = sizeOnG1();
  private final long gaps = MOVES_LARGE_ARRAYS ? 1 : 1 + JvmFlags.number("ParallelGCThreads");
  private final long reserve = reserveOfCollector();

  HeapRegions() {}

  /** Returns the region size of G1's heap; 0 on another heap. Not for a full heap. */
  public static long sizeOnG1() {
    return JvmFlags.isOn("UseG1GC") ? JvmFlags.number("G1HeapRegionSize") : 0;
  }

  private static int release(String version) {
    return version.startsWith("1.") ? 8 : Integer.parseInt(version);
  }

  /**
   * Returns whether arrays can be pinned most of the time without an OutOfMemoryError in another
   * thread. Shenandoah, and G1 from JDK 22 on, pin a region and collect the others (JEP 423). On
   * ZGC a thread waits for a finished collection before the error.
   */
  public boolean canPinOften() {
    return RELEASE >= WAITS_ONCE
        || size > 0 && MOVES_LARGE_ARRAYS
        || runs("UseShenandoahGC")
        || runs("UseZGC");
  }

  /**
   * Returns whether this JVM runs a collector that some JVMs lack. No JVM runs two collectors: if a
   * collector of all JVMs runs, the flag is not read. On JDK 11 a flag that the JVM lacks costs 40
   * classes and 130 KB, for the text of an exception.
   */
  private static boolean runs(String collector) {
    return !JvmFlags.isOn("UseG1GC")
        && !JvmFlags.isOn("UseParallelGC")
        && !JvmFlags.isOn("UseSerialGC")
        && JvmFlags.isOn(collector);
  }

  private static long reserveOfCollector() {
    if (runs("UseZGC")) {
      return ZGC_RESERVE;
    }
    return runs("UseShenandoahGC") ? Runtime.getRuntime().maxMemory() / SHENANDOAH_SHARE : 0;
  }

  /**
   * Returns the part of the heap that the collector needs. ZGC relocates with a medium page, and
   * some small pages per worker. Before JDK 16, without relocation in place, ZGC needed twice as
   * much. Shenandoah needs the reserve to make progress.
   */
  public long reserve() {
    return reserve;
  }

  /**
   * Returns the number of pieces that the free heap may consist of, for an array of {@code bytes}
   * bytes. Before JDK 22 G1 does not move arrays of several regions. Gaps remain where objects lay
   * between the arrays at allocation. Each thread of a full collection gathers such objects at its
   * own place, beside formerly young objects.
   */
  public long gaps(long bytes) {
    return size > 0 && bytes > size ? gaps : 1;
  }

  /**
   * Returns whether an array of {@code taken} bytes has its own regions, freed by any collection.
   */
  boolean isWhole(long taken) {
    return size > 0 && taken > size / 2;
  }

  /** Adds to the region waste of a plan's arrays; a negative number subtracts. */
  public void waste(long bytes) {
    WASTE.addAndGet(bytes);
  }

  /** Returns the region waste of all plans that the JVM does not count as used. */
  long uncounted() {
    return COUNTS_WASTE ? 0 : WASTE.get();
  }

  /**
   * Returns the heap that an array of {@code bytes} bytes takes. On G1 a large array takes whole
   * regions.
   */
  public long takenBy(long bytes) {
    return takenBy(bytes, size);
  }

  /**
   * Returns the heap that an array takes on any heap.
   *
   * @param regionSize region size of G1, else 0
   */
  public static long takenBy(long bytes, long regionSize) {
    boolean humongous = regionSize > 0 && bytes > regionSize / 2;
    return humongous ? (bytes + regionSize - 1) / regionSize * regionSize : bytes;
  }
}
