package io.allocmem;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.readings.HeapRegions;

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
  private static final long SMALL = 256L << 10;

  /** Free heap that a new reserve must leave: the reserve must never be the reason of an error. */
  private static final long MARGIN = 8 * SIZE;

  private final Pages pages;

  /** True if pages of the heap can be released. */
  private final boolean released;

  private final int length;
  private int[][] arrays;

  Reserve(Pages pages) {
    this.pages = pages;
    this.released = pages.unavailableOnHeap() == null;
    long array = Math.max(HeapRegions.sizeOnG1(), SMALL);
    this.length = (int) ((array - OffHeap.INT_ARRAY_HEADER) / Integer.BYTES);
    this.arrays = new int[(int) Math.max(1, SIZE / array)][];
  }

  /** Makes the room available to the next allocations. */
  void free() {
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = null;
    }
  }

  /** Takes the missing part of the reserve while the heap has much more room. Never throws. */
  void fill() {
    try {
      for (int i = 0; i < arrays.length && hasRoom(); i++) {
        if (arrays[i] == null) {
          arrays[i] = new int[length];
          release(arrays[i]);
        }
      }
    } catch (OutOfMemoryError scattered) {
      return; // the next call tries again
    }
  }

  private static boolean hasRoom() {
    Runtime heap = Runtime.getRuntime();
    return heap.maxMemory() - heap.totalMemory() + heap.freeMemory() > MARGIN;
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
    long bytes = (long) array.length * Integer.BYTES;
    if (released && pages.resident(array, 0, bytes) > OffHeap.PAGE_SIZE) {
      pages.drop(array, 0, bytes);
    }
  }
}
