package io.allocmem.area;

/**
 * One allocation of block size. Only the thread of its plan uses it. Offsets are bytes from where
 * it begins. Nothing here allocates.
 */
public interface Block {
  /** Bytes that the area gave, header included. */
  long committed();

  /**
   * Writes one int at each multiple of the page size from one offset up to another, so makes these
   * pages resident.
   */
  void touch(long from, long to);

  /**
   * Gives pages back to the kernel: those from one offset up to another that touching up to {@code
   * from} does not need. A page that the block shares with a neighbour stays.
   */
  void drop(long from, long to);

  /**
   * Bytes in the pages that begin from one offset up to another, of the block's size, and are in
   * RAM as the kernel counts them; -1 where they cannot be counted.
   */
  long resident(long from, long to);

  /** Gives the memory back; the block must not be used again. */
  void release();
}
