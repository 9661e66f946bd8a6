package io.allocmem;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.readings.HeapRegions;
import io.allocmem.readings.JvmFlags;

/**
 * Room on the heap that an armed agent keeps for the start of a plan: a full heap has no other
 * room. The pages are released to the kernel, so the reserve costs address space of the heap, and
 * nearly no memory. One thread.
 *
 * <p>A start takes less than 2 MiB with all its garbage, and a collector frees whole regions only.
 * On G1 the reserve is therefore made of arrays that fill a region each.
 */
final class Reserve {
  private static final long SIZE = 4L << 20;

  /** Size of an array on other heaps than G1's: small enough for the small pages of ZGC. */
  private static final int SMALL = 256 << 10;

  /** Arrays of a probe: the room that a start needs. */
  private static final int PROBES = 8;

  /** Part of the heap that a new reserve leaves free: more than any GC overhead limit. */
  private static final int FREE_SHARE = 10;

  /** Free heap that a new reserve leaves on a small heap. */
  private static final long MARGIN = 8 * SIZE;

  private final Pages pages;

  /** True if pages of the heap can be released. */
  private final boolean released;

  /** True if an OutOfMemoryError may end the JVM, or writes a dump. */
  private final boolean fatal;

  private final long bytes;
  private final int[][] arrays;
  private final int[][] probes = new int[PROBES][];

  /**
   * @param risky true if the armed JVM permits a fatal OutOfMemoryError
   */
  Reserve(Pages pages, boolean risky) {
    this.pages = pages;
    this.released = pages.unavailableOnHeap() == null;
    this.fatal = !risky && JvmFlags.fatalOnOutOfMemory() != null;
    this.bytes = Math.max(HeapRegions.sizeOnG1(), SMALL);
    this.arrays = new int[(int) Math.max(1, SIZE / bytes)][];
  }

  /**
   * Makes the room available to the next allocations.
   *
   * @return false if a start could end the JVM by an OutOfMemoryError: there is no room
   */
  boolean free() {
    boolean whole = true;
    for (int i = 0; i < arrays.length; i++) {
      whole &= arrays[i] != null;
      arrays[i] = null;
    }
    return !fatal || whole || hasRoom();
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

  /** Takes the missing part of the reserve while the heap has much more room. Never throws. */
  void fill() {
    try {
      for (int i = 0; i < arrays.length && hasRoom(); i++) {
        if (arrays[i] == null) {
          arrays[i] = new int[length(bytes)];
          release(arrays[i]);
        }
      }
    } catch (OutOfMemoryError scattered) {
      return; // the next call tries again
    }
  }

  private boolean hasRoom() {
    Runtime heap = Runtime.getRuntime();
    long free = heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    return free > Math.max(MARGIN, heap.maxMemory() / FREE_SHARE) + 2 * bytes;
  }

  private static int length(long bytes) {
    return (int) ((bytes - OffHeap.INT_ARRAY_HEADER) / Integer.BYTES);
  }

  /** Releases the pages again that a collection has made resident by moving an array. */
  void keepReleased() {
    for (int[] array : arrays) {
      if (array != null) {
        release(array);
      }
    }
  }

  private void release(int[] array) {
    long length = (long) array.length * Integer.BYTES;
    if (released && pages.resident(array, 0, length) > OffHeap.PAGE_SIZE) {
      pages.drop(array, 0, length);
    }
  }
}
