package io.allocmem.area;

/**
 * Small blocks of one size whose pages are released and counted by a single call. A system call for
 * each block would take as long as the allocation. One thread. Allocates nothing after
 * construction.
 */
public interface Batch {
  /** Adds a block; the batch must not be full. */
  void add(Block block);

  /** Returns the number of blocks. */
  int size();

  /** Returns the block at an index. */
  Block get(int index);

  /** Returns true if {@link #trim} must come before the next block. */
  boolean isFull();

  /**
   * Releases the pages that touching {@code touched} bytes of each block does not need, and counts.
   *
   * @return false if the pages could not be counted or released
   */
  boolean trim(long touched);

  /** Returns the resident bytes of all blocks after the last {@link #trim}. */
  long resident();

  /** Returns the bytes that the last {@link #trim} released. */
  long dropped();

  /** Returns true if a block had less in RAM at the last {@link #trim} than was touched. */
  boolean isMissing();

  /** Forgets all blocks, so that they can be released. */
  void clear();
}
