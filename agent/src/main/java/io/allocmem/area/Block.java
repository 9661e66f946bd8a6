package io.allocmem.area;

/** One allocation of block size. Only the thread of its plan uses it. */
public interface Block {
  /** Bytes that the area gave, header included. */
  long committed();

  /**
   * Writes one int to each page from one byte offset up to another, so makes these pages resident.
   * Allocates nothing.
   */
  void touch(long from, long to);

  /** Gives the memory back; the block must not be used again. */
  void release();
}
