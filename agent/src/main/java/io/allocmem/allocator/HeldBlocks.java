package io.allocmem.allocator;

import io.allocmem.area.Block;

/** Blocks of one plan, in order of allocation. Only the plan's thread uses an instance. */
final class HeldBlocks {
  /** Ring buffer with the oldest block at index {@code first}. */
  private Block[] blocks = new Block[64];

  private int first;
  private int count;

  /**
   * Makes room for one more block. {@link #add} then cannot fail and leave a block that nobody
   * releases.
   */
  void reserve() {
    if (count < blocks.length) {
      return;
    }
    Block[] more = new Block[count + (count >> 1)];
    for (int i = 0; i < count; i++) {
      more[i] = get(i);
    }
    blocks = more;
    first = 0;
  }

  void add(Block block) {
    blocks[(first + count) % blocks.length] = block;
    count++;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns the block at an index, counted from the oldest block. */
  Block get(int index) {
    return blocks[(first + index) % blocks.length];
  }

  /** Removes and returns the oldest block. The caller must release the block's memory. */
  Block removeOldest() {
    Block oldest = blocks[first];
    blocks[first] = null;
    first = (first + 1) % blocks.length;
    count--;
    return oldest;
  }

  /** Releases all blocks. Allocates nothing. */
  void release() {
    while (!isEmpty()) {
      removeOldest().release();
    }
  }
}
