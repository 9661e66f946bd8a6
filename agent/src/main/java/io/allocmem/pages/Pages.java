package io.allocmem.pages;

/**
 * Resident pages by the kernel's count, and the release of pages to the kernel. A page belongs to
 * the block where the page begins, so figures of neighbours add up. Offsets are bytes from the
 * first element of an array, or from an address. Allocates nothing; any thread.
 *
 * <p>An array cannot move while its pages are released, and some collections wait for the end of
 * the call: keep the range of a call small. Counting stops no collector. Releasing 1 MiB took 0.05
 * ms on most heaps and 0.15 ms on ZGC's heap (maximum of 6000 calls: 0.5 ms). Counting 1 MiB took
 * 0.003 and 0.012 ms.
 *
 * <p>The JVM zeroes every array, so a whole array is resident at first. Released pages read as zero
 * again, the content of untouched memory.
 */
public interface Pages {
  /** Value for pages that cannot be counted on this platform. */
  long UNKNOWN = -1;

  /**
   * Result if nothing was released: this JVM hands out a copy of an array, not the array itself.
   */
  long HANDED_OUT_A_COPY = -4096;

  /** Largest number of arrays of one {@link #trim}. */
  int MOST_ARRAYS = 64;

  /**
   * Returns the offset of the first page that touching {@code bytes} bytes of a block leaves
   * untouched: touching writes at multiples of the page size.
   */
  static long afterTouching(long bytes) {
    return bytes == 0 ? 0 : (bytes - 1) / OffHeap.PAGE_SIZE * OffHeap.PAGE_SIZE + 1;
  }

  /**
   * Returns the reason why pages are neither counted nor released here; null if everything works.
   */
  String unavailable();

  /**
   * Returns the reason why arrays of the heap are neither counted nor released; null if both work.
   */
  String unavailableOnHeap();

  /**
   * Returns the reason why pages outside the heap are neither counted nor released; null if both
   * work.
   */
  String unavailableOffHeap();

  /** Returns true if new memory outside the heap is locked, and resident from the start. */
  boolean isLocked();

  /**
   * Returns the bytes in pages that begin at {@code from <= offset < to} and are resident by
   * mincore(2).
   *
   * @param from may be negative, down to the array's header
   */
  long resident(int[] array, long from, long to);

  /** Returns the resident bytes of memory at an address, in the same way. */
  long resident(long address, long from, long to);

  /**
   * Releases the pages that begin at {@code from <= offset < to} and end before the end of the
   * array, with madvise(2).
   *
   * @return zero; or a negative number, {@link #HANDED_OUT_A_COPY} or an errno, if not all pages
   *     could be released
   */
  long drop(int[] array, long from, long to);

  /**
   * Releases pages of several arrays of one length, and counts, in a single call. Arrays beside
   * each other share the system calls. All arrays are pinned for the length of the call: 64 arrays
   * of 16 KiB took 0.15 ms with pages to release, and 0.01 ms without.
   *
   * @param arrays the first {@code count} elements count; at most {@link #MOST_ARRAYS}
   * @param committed bytes of an array, header included; at most 1 MiB
   * @param kept offset of the first page to release, as by {@link #afterTouching}
   * @param result filled with the resident bytes afterwards, the released bytes, and the number of
   *     arrays with less in RAM than they are to keep
   * @return zero; or a negative number, if not all pages could be counted and released
   */
  long trim(int[][] arrays, int count, long committed, long kept, long[] result);

  /**
   * Releases pages of the C library's memory or of a thread's stack, at an address and of a length.
   */
  long drop(long address, long length, long from, long to);

  /**
   * Releases pages of a shared mapping of our own file, and leaves holes. If the file system is
   * full, nobody may touch a hole.
   */
  long punch(long address, long length, long from, long to);

  /**
   * Writes an int at each multiple of the page size between two offsets of private memory at an
   * address, with one call of the kernel for all page faults (MADV_POPULATE_WRITE, Linux 5.14): a
   * fifth faster than one by one.
   *
   * @param pageSize size of the pages in bytes; larger than the page size of the machine for huge
   *     pages, of which each has one write at least
   * @return false if nothing was written: without a page library
   */
  boolean touch(long address, long from, long to, int pageSize);

  /**
   * Asks for huge pages between two addresses, in whole huge pages, before the first touch (
   * MADV_HUGEPAGE). The kernel may have none.
   *
   * @param pageSize size of a huge page in bytes
   * @return zero; or a negative errno, also without a page library
   */
  long huge(long from, long to, int pageSize);

  /**
   * Keeps the pages that touching between two addresses makes resident in RAM, from the first touch
   * (mlock2(2) with MLOCK_ONFAULT, Linux 4.4).
   *
   * @return zero; or a negative errno, also without a page library
   */
  long lock(long from, long to);

  /** Makes locked pages normal again: the kernel releases no locked page. */
  long unlock(long from, long to);

  /** Returns an address in the calling thread's stack, near the deepest address in use. */
  long stackAddress();
}
