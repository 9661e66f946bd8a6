package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks of the C library's memory: outside the heap, not zeroed, and not counted by any limit of
 * the JVM. Only the container's limit or the machine's memory ends the allocation.
 *
 * <p>Small blocks are cut from segments slightly above 32 MiB. glibc always maps an allocation of
 * this size, and unmaps the memory when freed. Smaller allocations come from arenas. Arenas keep
 * freed memory, and hand out the memory again, still resident (M_MMAP_THRESHOLD in mallopt(3)). The
 * price is address space: up to one segment is only partly used.
 */
final class NativeArea extends PagedArea {
  private static final long ALWAYS_MAPPED = 32L << 20;

  /** Bytes touched at once, in about 0.1 ms: another thread may wait for a segment. */
  private static final long TOUCHED_AT_ONCE = 256 << 10;

  /** Interval between two looks at a thread that allocates a segment, which takes milliseconds. */
  private static final long BETWEEN_LOOKS_NANOS = 20_000;

  private final AreaExhausted exhausted = new AreaExhausted("the C library has no more memory");

  /**
   * Guards all segments: a worker of the plan may cut a block while the plan's thread releases the
   * last block of the same segment.
   */
  private final Object lock = new Object();

  private Segment current;

  /**
   * True while a thread allocates a segment. In the kernel, an allocation waits until no thread
   * populates pages, and a thread that populates range after range goes first (mmap_lock).
   */
  private volatile boolean mapping;

  NativeArea(Pages pages) {
    super(pages);
    // links the calls while the heap has room
    Segment first = new Segment(OffHeap.PAGE_SIZE, lock);
    NativeBlock block = new NativeBlock(OffHeap.PAGE_SIZE, this);
    block.cutFrom(first);
    block.touch(0, OffHeap.PAGE_SIZE);
    block.release();
    LockSupport.parkNanos(this, 1);
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    NativeBlock block = new NativeBlock(size.bytes(), this);
    synchronized (lock) {
      if (current == null || !current.hasRoomFor(size.bytes())) {
        mapping = true;
        try {
          current = segmentFor(size.bytes());
        } finally {
          mapping = false;
        }
      }
      block.cutFrom(current);
    }
    return block;
  }

  /** Waits while another thread allocates a segment. */
  private void letMap() {
    while (mapping) {
      LockSupport.parkNanos(this, BETWEEN_LOOKS_NANOS);
      Thread.interrupted(); // after an interrupt by the application, park would not wait
    }
  }

  @Override
  public boolean isResidentAtFirst() {
    return pages.isLocked();
  }

  /**
   * Allocates a segment of whole blocks, above 32 MiB. If the segment is refused, a single block
   * may still be possible.
   */
  private Segment segmentFor(long block) throws AreaExhausted {
    try {
      return new Segment((ALWAYS_MAPPED / block + 1) * block, lock);
    } catch (OutOfMemoryError tooMuch) {
      try {
        return new Segment(block, lock);
      } catch (OutOfMemoryError refused) {
        throw exhausted.by(refused);
      }
    }
  }

  /** Allocation of the C library, freed with the last of its blocks. */
  private static final class Segment {
    private final long allocation;
    private final long start;
    private final long end;
    private final Object lock;
    private long next;
    private int blocks;

    Segment(long size, Object lock) {
      this.lock = lock;
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

    /** Returns true for the last block; nothing more can then be cut from this segment. */
    private boolean isLast() {
      synchronized (lock) {
        blocks--;
        next = blocks == 0 ? end : next;
        return blocks == 0;
      }
    }

    /** Releases the pages first, since an allocator may keep freed memory for later use. */
    void release(Pages pages) {
      if (isLast()) {
        pages.drop(start, end - start, 0, end - start);
        OffHeap.free(allocation);
      }
    }
  }

  private static final class NativeBlock extends AddressBlock {
    private final NativeArea area;
    private Segment segment;

    NativeBlock(long committed, NativeArea area) {
      super(committed, area.pages);
      this.area = area;
    }

    void cutFrom(Segment from) {
      address = from.cut(committed());
      segment = from;
    }

    @Override
    public void touch(long from, long to) {
      for (long at = from; at < to; at += TOUCHED_AT_ONCE) {
        area.letMap();
        long end = Math.min(to, at + TOUCHED_AT_ONCE);
        if (!pages.touch(address, at, end, OffHeap.PAGE_SIZE)) {
          super.touch(at, end);
        }
      }
    }

    @Override
    public void release() {
      segment.release(pages);
      segment = null;
    }
  }
}
