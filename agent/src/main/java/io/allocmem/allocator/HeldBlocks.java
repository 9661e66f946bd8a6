package io.allocmem.allocator;

import io.allocmem.area.Block;
import java.util.Arrays;

/** The blocks of one plan, in the order in which they came. Only the plan's thread touches it. */
final class HeldBlocks {
  private Block[] blocks = new Block[64];
  private int count;

  /**
   * Makes room for one more, so that {@link #add} cannot fail and leave a block behind that nobody
   * releases.
   */
  void reserve() {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, count + (count >> 1));
    }
  }

  void add(Block block) {
    blocks[count++] = block;
  }

  /** The block that came after so many others. */
  Block get(int index) {
    return blocks[index];
  }

  /** Gives all of them back. Allocates nothing. */
  void release() {
    while (count > 0) {
      blocks[--count].release();
      blocks[count] = null;
    }
  }
}
