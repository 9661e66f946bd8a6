package io.allocmem.area;

import io.allocmem.pages.ArrayHeader;
import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;

/**
 * Blocks that consist of a single {@code int[]} each. The array's size <em>including</em> its
 * header is exactly the block size. On G1 an array of 1 MiB plus a header would take two regions of
 * 1 MiB.
 *
 * <p>The JVM zeroes an array itself. A collector that moves an array makes the whole array resident
 * again.
 */
final class HeapArea extends PagedArea {
  /** Bytes of the blocks that are pinned together, as few as the bytes of a single drop. */
  private static final long BATCH_BYTES = 1L << 20;

  private final AreaExhausted exhausted = new AreaExhausted("no room for a block on the Java heap");

  private final String pagesUnavailable;

  HeapArea(Pages pages) {
    super(pages);
    pagesUnavailable = pages.unavailableOnHeap();
  }

  @Override
  public String pagesUnavailable() {
    return pagesUnavailable;
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      return new HeapBlock(size.bytes(), pages);
    } catch (OutOfMemoryError refused) {
      throw exhausted;
    }
  }

  /** Up to 64 blocks, and up to 1 MiB, are pinned together. */
  @Override
  public Batch batch(ByteSize block) {
    long blocks = Math.min(Pages.MOST_ARRAYS, BATCH_BYTES / block.bytes());
    return blocks > 1 && !isWritten(block) ? new HeapBatch((int) blocks, block, pages) : null;
  }

  /** An array of less than two pages has at most one page of its own. */
  @Override
  public boolean isWritten(ByteSize block) {
    return block.bytes() < 2L * OffHeap.PAGE_SIZE;
  }

  private static final class HeapBatch implements Batch {
    private static final int RESIDENT = 0;
    private static final int DROPPED = 1;
    private static final int MISSING = 2;

    private final HeapBlock[] blocks;
    private final int[][] arrays;
    private final long committed;
    private final Pages pages;
    private final long[] result = new long[MISSING + 1];
    private int size;

    HeapBatch(int most, ByteSize block, Pages pages) {
      this.blocks = new HeapBlock[most];
      this.arrays = new int[most][];
      this.committed = block.bytes();
      this.pages = pages;
    }

    @Override
    public void add(Block block) {
      blocks[size] = (HeapBlock) block;
      arrays[size] = blocks[size].array;
      size++;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Block get(int index) {
      return blocks[index];
    }

    @Override
    public boolean isFull() {
      return size == blocks.length;
    }

    @Override
    public boolean trim(long touched) {
      return pages.trim(arrays, size, committed, Pages.afterTouching(touched), result) == 0;
    }

    @Override
    public long resident() {
      return result[RESIDENT];
    }

    @Override
    public long dropped() {
      return result[DROPPED];
    }

    @Override
    public boolean isMissing() {
      return result[MISSING] > 0;
    }

    @Override
    public void clear() {
      for (; size > 0; size--) {
        blocks[size - 1] = null;
        arrays[size - 1] = null;
      }
    }
  }

  private static final class HeapBlock implements Block {
    private static final int HEADER = ArrayHeader.INTS;

    private final long committed;
    private final Pages pages;
    private int[] array;

    HeapBlock(long bytes, Pages pages) {
      this.committed = bytes;
      this.pages = pages;
      this.array = new int[(int) ((bytes - HEADER) / Integer.BYTES)];
    }

    @Override
    public long committed() {
      return committed;
    }

    /**
     * Counts offsets from the first element, as if the header took its bytes from the end of the
     * array.
     */
    @Override
    public void touch(long from, long to) {
      int[] ints = array;
      for (long at = from; at < to; at += OffHeap.PAGE_SIZE) {
        ints[(int) (at / Integer.BYTES)] = 1;
      }
    }

    @Override
    public void drop(long from, long to) {
      pages.drop(array, Pages.afterTouching(from), Pages.afterTouching(to));
    }

    /** Counts the whole array: offsets begin at the header here. */
    @Override
    public long resident(long from, long to) {
      return pages.resident(array, from - HEADER, to - HEADER);
    }

    @Override
    public void release() {
      array = null;
    }
  }
}
