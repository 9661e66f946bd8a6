package io.allocmem.allocator;

import io.allocmem.area.Block;

/**
 * Ring buffer of blocks in order of allocation. Only the plan's thread uses an instance. Allocates
 * nothing, except in {@link #reserve}.
 */
final class BlockRing {
  private Block[] blocks = new Block[64];
  private int first;
  private int count;

  /** Returns the number of blocks. */
  int size() {
    return count;
  }

  /** Returns the block at an index, counted from the oldest block. */
  Block get(int index) {
    return blocks[(first + index) % blocks.length];
  }

  /** Makes room for more blocks. {@link #add} then cannot fail and lose a block. */
  void reserve(int more) {
    if (count + more <= blocks.length) {
      return;
    }
    Block[] larger = new Block[count + more + (count >> 1)];
    for (int i = 0; i < count; i++) {
      larger[i] = get(i);
    }
    blocks = larger;
    first = 0;
  }

  /** Adds the newest block. */
  void add(Block block) {
    blocks[(first + count) % blocks.length] = block;
    count++;
  }

  /** Removes the newest block, and returns the block. */
  Block removeNewest() {
    count--;
    int last = (first + count) % blocks.length;
    Block newest = blocks[last];
    blocks[last] = null;
    return newest;
  }

  /** Removes the oldest block, and returns the block. */
  Block removeOldest() {
    Block oldest = blocks[first];
    blocks[first] = null;
    first = (first + 1) % blocks.length;
    count--;
    return oldest;
  }
}
