package io.allocmem;

import io.allocmem.pages.ArrayHeader;
import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.readings.JvmFlags;

/**
 * Room on the heap that an armed agent keeps for the start of a plan: a full heap has no other
 * room. The pages are released to the kernel, so the reserve costs address space of the heap, and
 * nearly no memory. One thread.
 *
 * <p>A start takes less than 2 MiB with all its garbage, and most collectors free whole regions
 * only. The reserve is therefore one array that has its own regions on G1, and its own page on ZGC.
 * The size of the heap decides, not the flags of the JVM, whose beans would load 30 classes.
 */
final class Reserve {
  /**
   * Size in bytes: more than half a region of G1 on heaps below {@link #LARGE_HEAP}, and more than
   * ZGC puts into a page with other objects (4 MiB).
   */
  private static final long SIZE = 6L << 20;

  /** Size on a large heap: more than half of the largest region of G1, 32 MiB. */
  private static final long LARGE_SIZE = 17L << 20;

  /** Heap from which on G1 takes regions of 16 MiB by itself. */
  private static final long LARGE_HEAP = 32L << 30;

  /** Size of an array of a probe: small enough for the small pages of ZGC. */
  private static final int SMALL = 256 << 10;

  /** Arrays of a probe: the room that a start needs. */
  private static final int PROBES = 8;

  /** Part of the heap that a new reserve leaves free: more than any GC overhead limit. */
  private static final int FREE_SHARE = 10;

  /** Free heap that a new reserve leaves on a small heap. */
  private static final long MARGIN = 32L << 20;

  /** Free heap for a start without a reserve: several times what a start takes. */
  private static final long START = 8L << 20;

  private final Pages pages;

  /** True if the armed JVM permits a fatal OutOfMemoryError. */
  private final boolean risky;

  /** True if pages of the heap can be released. */
  private final boolean released;

  private final long bytes;

  /** Null if the reserve is not taken. */
  private int[] array;

  /** False if no OutOfMemoryError ends the JVM or writes a dump, or if the risk is permitted. */
  private boolean mayBeFatal;

  private final int[][] probes = new int[PROBES][];

  /**
   * @param risky true if the armed JVM permits a fatal OutOfMemoryError
   */
  Reserve(Pages pages, boolean risky) {
    this.pages = pages;
    this.risky = risky;
    this.mayBeFatal = !risky;
    this.released = pages.unavailableOnHeap() == null;
    this.bytes = Runtime.getRuntime().maxMemory() < LARGE_HEAP ? SIZE : LARGE_SIZE;
  }

  /**
   * Makes the room available to the next allocations.
   *
   * @return false if a start could end the JVM by an OutOfMemoryError: there is no room
   */
  boolean free() {
    boolean whole = array != null;
    array = null;
    return whole || isFree(START) || !mayBeFatal;
  }

  /** Reads the flags and agents of the JVM: with room on the heap, since classes are loaded. */
  void learn() {
    mayBeFatal = !risky && JvmFlags.fatalOnOutOfMemory() != null;
  }

  /**
   * Allocates the room of a start for a moment. A class that meets an error in its initialization
   * is lost for the JVM, so the error must come here.
   *
   * @throws OutOfMemoryError if the heap has no such room, or a collection has not freed it yet
   */
  void probe() {
    try {
      for (int i = 0; i < PROBES; i++) {
        probes[i] = new int[length(SMALL)];
      }
    } finally {
      for (int i = 0; i < PROBES; i++) {
        probes[i] = null;
      }
    }
  }

  /** Takes the reserve if the heap has much more room. Never throws. */
  void fill() {
    try {
      if (array == null && hasRoom()) {
        array = new int[length(bytes)];
        keepReleased();
      }
    } catch (OutOfMemoryError scattered) {
      return; // the next call tries again
    }
  }

  /** Returns true if the heap has room for the reserve, and much more. */
  boolean hasRoom() {
    return isFree(MARGIN + 2 * bytes);
  }

  /** Returns true if so many bytes of the heap are free, and {@link #FREE_SHARE} of the heap. */
  private static boolean isFree(long bytes) {
    Runtime heap = Runtime.getRuntime();
    long free = heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    return free > Math.max(bytes, heap.maxMemory() / FREE_SHARE);
  }

  private static int length(long bytes) {
    return (int) ((bytes - ArrayHeader.LARGEST) / Integer.BYTES);
  }

  /** Releases the pages: again after a collection that made them resident by moving the array. */
  void keepReleased() {
    long length = array == null ? 0 : (long) array.length * Integer.BYTES;
    if (length > 0 && released && pages.resident(array, 0, length) > OffHeap.PAGE_SIZE) {
      pages.drop(array, 0, length);
    }
  }
}
