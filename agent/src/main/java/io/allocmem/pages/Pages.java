package io.allocmem.pages;

/**
 * The kernel's word on pages, and the way to give them back to it. A page belongs to the block that
 * it begins in: figures of neighbours add up. Offsets are bytes from the first element of an array,
 * or from an address. Allocates nothing; any thread.
 *
 * <p>An array cannot move during a call, and some collections wait for its end: ask for little at a
 * time. Giving back 1 MiB took 0.05 ms on most heaps and 0.15 ms on ZGC's (at worst of 6000 calls
 * 0.5), and counting it 0.003 and 0.012 ms.
 *
 * <p>The JVM zeroes every array, so all of it is in RAM at first. What is given back reads as zero
 * again, which is what nobody has written to holds.
 */
public interface Pages {
  /** Not counted: there is no way to on this platform. */
  long UNKNOWN = -1;

  /** Nothing given back: this JVM does not give access to an array, but hands out a copy of it. */
  long HANDED_OUT_A_COPY = -4096;

  /**
   * Where the pages begin that touching the first so many bytes of a block has not made resident:
   * touching writes at multiples of the page size.
   */
  static long afterTouching(long bytes) {
    return bytes == 0 ? 0 : (bytes - 1) / OffHeap.PAGE_SIZE * OffHeap.PAGE_SIZE + 1;
  }

  /** Why nothing is counted and nothing given back here; null where all of it works. */
  String unavailable();

  /** Why neither is done with arrays of the heap; null where it is. */
  String unavailableOnHeap();

  /**
   * Bytes in the pages that begin at {@code from <= offset < to}, and are in RAM by mincore(2).
   *
   * @param from may be negative, down to the array's header
   */
  long resident(int[] array, long from, long to);

  /** The same for memory at an address. */
  long resident(long address, long from, long to);

  /**
   * Gives the pages back that begin at {@code from <= offset < to}, and end before the array does,
   * with madvise(2).
   *
   * @return zero; or negative, {@link #HANDED_OUT_A_COPY} or an errno, when not all could be given
   *     back
   */
  long drop(int[] array, long from, long to);

  /** The same for memory of the C library or a thread's stack at an address, of that length. */
  long drop(long address, long length, long from, long to);

  /**
   * The same for a shared mapping of a file of our own. It has holes there then, which nobody may
   * touch where its file system is full.
   */
  long punch(long address, long length, long from, long to);

  /** An address in the calling thread's stack, at about the deepest that is in use. */
  long stackAddress();
}
