package io.allocmem.area;

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
  private final AreaExhausted exhausted = new AreaExhausted("no room for a block on the Java heap");

  HeapArea(Pages pages) {
    super(pages);
  }

  @Override
  public String pagesUnavailable() {
    return pages.unavailableOnHeap();
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      return new HeapBlock(size.bytes(), pages);
    } catch (OutOfMemoryError refused) {
      throw exhausted;
    }
  }

  private static final class HeapBlock implements Block {
    private static final int HEADER = OffHeap.INT_ARRAY_HEADER;

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
