package io.allocmem.allocator;

import io.allocmem.area.Block;

/** The blocks of one plan, in the order in which they came. Only the plan's thread touches it. */
final class HeldBlocks {
  /** A ring: the oldest block stands at {@code first}. */
  private Block[] blocks = new Block[64];

  private int first;
  private int count;

  /**
   * Makes room for one more, so that {@link #add} cannot fail and leave a block behind that nobody
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

  /** The block that came after so many others. */
  Block get(int index) {
    return blocks[(first + index) % blocks.length];
  }

  /** The oldest block, which is no longer ours; its memory is still to be given back. */
  Block removeOldest() {
    Block oldest = blocks[first];
    blocks[first] = null;
    first = (first + 1) % blocks.length;
    count--;
    return oldest;
  }

  /** Gives all of them back. Allocates nothing. */
  void release() {
    while (!isEmpty()) {
      removeOldest().release();
    }
  }
}
