package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.plan.ByteSize;

/**
 * Blocks that are one {@code int[]} each. The array's size <em>including</em> its header is the
 * block size, exactly: on G1 an array of 1 MiB plus a header would take two regions of 1 MiB.
 */
final class HeapArea implements MemoryArea {
  private final AreaExhausted exhausted = new AreaExhausted("no room for a block on the Java heap");

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      return new HeapBlock(size.bytes());
    } catch (OutOfMemoryError refused) {
      throw exhausted;
    }
  }

  @Override
  public String fillNotEnforced() {
    return "the JVM zeroes every array itself";
  }

  private static final class HeapBlock implements Block {
    private final long committed;
    private int[] array;

    HeapBlock(long bytes) {
      committed = bytes;
      array = new int[(int) ((bytes - OffHeap.INT_ARRAY_HEADER) / Integer.BYTES)];
    }

    @Override
    public long committed() {
      return committed;
    }

    @Override
    public void touch(long from, long to) {
      int[] ints = array;
      for (long at = from; at < to; at += OffHeap.PAGE_SIZE) {
        int index = (int) (at / Integer.BYTES);
        // the header takes the last few bytes of the size away from the elements
        ints[Math.min(index, ints.length - 1)] = 1;
      }
    }

    @Override
    public void release() {
      array = null;
    }
  }
}
