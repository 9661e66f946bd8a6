package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/**
 * Blocks that are direct buffers: memory of the C library, zeroed by the JVM and counted against
 * -XX:MaxDirectMemorySize. The JVM collects before a refusal ({@code java.nio.Bits}).
 */
final class DirectArea extends PagedArea {
  private final AreaExhausted exhausted =
      new AreaExhausted("no direct memory left (-XX:MaxDirectMemorySize)");

  private final BufferPoolMXBean direct = direct();

  private final AreaExhausted notLocked = new AreaExhausted(NO_LOCK);
  private final BlockPages kind;

  DirectArea(BlockPages kind) {
    super(kind.pages);
    this.kind = kind;
    DirectBlock block = new DirectBlock(OffHeap.PAGE_SIZE, kind);
    block.allocate(); // links the calls while the heap has room
    block.prepare();
    block.touch(0, OffHeap.PAGE_SIZE);
    block.release();
  }

  @Override
  public long capacity() {
    return OffHeap.maxDirectMemory();
  }

  @Override
  public long used() {
    return direct == null ? Pages.UNKNOWN : direct.getMemoryUsed();
  }

  private static BufferPoolMXBean direct() {
    try {
      for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
        if (pool.getName().equals("direct")) {
          return pool;
        }
      }
      return null;
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    DirectBlock block = new DirectBlock(size.bytes(), kind);
    try {
      block.allocate();
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    }
    if (!block.prepare()) {
      block.release();
      throw notLocked;
    }
    return block;
  }

  private static final class DirectBlock extends AddressBlock {
    private ByteBuffer buffer;

    DirectBlock(long committed, BlockPages kind) {
      super(committed, kind);
    }

    void allocate() {
      buffer = ByteBuffer.allocateDirect((int) committed());
      address = OffHeap.addressOf(buffer);
    }

    /** Releases the pages that the JVM zeroed: only new pages can be huge. */
    @Override
    boolean prepare() {
      if (kind.areHuge()) {
        pages.drop(address, committed(), 0, committed());
      }
      return super.prepare();
    }

    @Override
    public void touch(long from, long to) {
      if (!kind.areHuge() || !kind.touch(address, from, to)) {
        super.touch(from, to);
      }
    }

    /** Releases the pages first, since the C library may keep a small allocation for later use. */
    @Override
    public void release() {
      unlock();
      pages.drop(address, committed(), 0, committed());
      OffHeap.free(buffer);
      buffer = null;
    }
  }
}
