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
   * True while a thread allocates a segment or changes a mapping. In the kernel, such a call waits
   * until no thread populates pages, and a thread that populates range after range goes first
   * (mmap_lock).
   */
  private volatile boolean mapping;

  private final AreaExhausted notLocked = new AreaExhausted(NO_LOCK);
  private final BlockPages kind;
  private final long touchedAtOnce;

  NativeArea(BlockPages kind) {
    super(kind.pages);
    this.kind = kind;
    this.touchedAtOnce = Math.max(TOUCHED_AT_ONCE, kind.alignment());
    // links the calls while the heap has room
    Segment first = new Segment(OffHeap.PAGE_SIZE, kind.alignment(), lock);
    NativeBlock block = new NativeBlock(OffHeap.PAGE_SIZE, this);
    block.cutFrom(first);
    block.prepare();
    block.touch(0, OffHeap.PAGE_SIZE);
    block.release();
    LockSupport.parkNanos(this, 1);
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    NativeBlock block = new NativeBlock(size.bytes(), this);
    boolean prepared;
    synchronized (lock) {
      boolean none = current == null || !current.hasRoomFor(size.bytes());
      mapping = none || kind.areSpecial();
      try {
        current = none ? segmentFor(size.bytes()) : current;
        block.cutFrom(current);
        prepared = block.prepare();
      } finally {
        mapping = false;
      }
    }
    if (!prepared) {
      block.release();
      throw notLocked;
    }
    return block;
  }

  /** Waits while another thread changes mappings. */
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
      return new Segment((ALWAYS_MAPPED / block + 1) * block, kind.alignment(), lock);
    } catch (OutOfMemoryError tooMuch) {
      try {
        return new Segment(block, kind.alignment(), lock);
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

    /**
     * @param alignment at least the page size: the page of the C library's header before the start
     *     is never huge, so the kernel does not merge the mappings of two segments
     */
    Segment(long size, int alignment, Object lock) {
      this.lock = lock;
      allocation = OffHeap.allocate(size + alignment);
      start = (allocation + alignment - 1) / alignment * alignment;
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
      super(committed, area.kind);
      this.area = area;
    }

    void cutFrom(Segment from) {
      address = from.cut(committed());
      segment = from;
    }

    @Override
    public void touch(long from, long to) {
      for (long at = from; at < to; at += area.touchedAtOnce) {
        area.letMap();
        long end = Math.min(to, at + area.touchedAtOnce);
        if (!kind.touch(address, at, end)) {
          super.touch(at, end);
        }
      }
    }

    @Override
    public void release() {
      unlock();
      segment.release(pages);
      segment = null;
    }
  }
}
