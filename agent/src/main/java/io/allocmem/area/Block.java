package io.allocmem.area;

/**
 * Allocation of the block size. One thread at a time uses a block. Offsets are bytes from the
 * beginning of the block. No method allocates.
 */
public interface Block {
  /** Returns the bytes that the area allocated, header included. */
  long committed();

  /**
   * Writes an int at each multiple of the page size between two offsets, and so makes these pages
   * resident.
   */
  void touch(long from, long to);

  /**
   * Releases pages to the kernel: pages between two offsets that touching up to {@code from} does
   * not need. A page shared with a neighbour stays.
   */
  void drop(long from, long to);

  /**
   * Returns the resident bytes, by the kernel's count, of the pages that begin between two offsets,
   * of the block's size. Returns -1 if the pages cannot be counted.
   */
  long resident(long from, long to);

  /** Returns whether memory between two addresses belongs to the block; false for an array. */
  default boolean overlaps(long from, long to) {
    return false;
  }

  /** Releases the memory; the block must not be used again. */
  void release();
}
