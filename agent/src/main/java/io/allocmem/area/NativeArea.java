package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;

/**
 * Blocks of the C library's memory: outside the heap, not zeroed, and counted by no limit of the
 * JVM, so only the container's limit or the machine's memory ends them.
 *
 * <p>Small blocks are cut from segments of a little over 32 MiB. So much glibc always maps, and
 * unmaps when it is freed; smaller pieces it takes from its arenas, which keep what is freed, and
 * hand it out again resident (M_MMAP_THRESHOLD in mallopt(3)). The price is address space: up to
 * one segment that is not all used.
 */
final class NativeArea extends PagedArea {
  private static final long ALWAYS_MAPPED = 32L << 20;

  private final AreaExhausted exhausted = new AreaExhausted("the C library has no more memory");
  private Segment current;

  NativeArea(Pages pages) {
    super(pages);
    // links the calls while the heap has room for it
    Segment first = new Segment(OffHeap.PAGE_SIZE);
    NativeBlock block = new NativeBlock(OffHeap.PAGE_SIZE, pages);
    block.cutFrom(first);
    block.touch(0, OffHeap.PAGE_SIZE);
    block.release();
    OffHeap.rehearse();
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    NativeBlock block = new NativeBlock(size.bytes(), pages);
    if (current == null || !current.hasRoomFor(size.bytes())) {
      current = segmentFor(size.bytes());
    }
    block.cutFrom(current);
    return block;
  }

  @Override
  public boolean isResidentAtFirst() {
    return false;
  }

  /** Whole blocks, and over 32 MiB; where that is refused, one block may still be had. */
  private Segment segmentFor(long block) throws AreaExhausted {
    try {
      return new Segment((ALWAYS_MAPPED / block + 1) * block);
    } catch (OutOfMemoryError tooMuch) {
      try {
        return new Segment(block);
      } catch (OutOfMemoryError refused) {
        throw exhausted.by(refused);
      }
    }
  }

  /** One allocation of the C library; freed with the last of its blocks. */
  private static final class Segment {
    private final long allocation;
    private final long start;
    private final long end;
    private long next;
    private int blocks;

    Segment(long size) {
      int page = OffHeap.PAGE_SIZE;
      allocation = OffHeap.allocate(size + page);
      start = (allocation + page - 1) / page * page;
      next = start;
      end = start + size;
    }

    boolean hasRoomFor(long size) {
      return end - next >= size;
    }

    long cut(long size) {
      long address = next;
      next += size;
      blocks++;
      return address;
    }

    /** An allocator may keep what is freed, for later use: so its pages go back first. */
    void giveBack(Pages pages) {
      blocks--;
      if (blocks == 0) {
        next = end; // nothing can be cut from it any more
        pages.drop(start, end - start, 0, end - start);
        OffHeap.free(allocation);
      }
    }
  }

  private static final class NativeBlock extends AddressBlock {
    private Segment segment;

    NativeBlock(long committed, Pages pages) {
      super(committed, pages);
    }

    void cutFrom(Segment from) {
      address = from.cut(committed());
      segment = from;
    }

    @Override
    public void release() {
      segment.giveBack(pages);
      segment = null;
    }
  }
}
