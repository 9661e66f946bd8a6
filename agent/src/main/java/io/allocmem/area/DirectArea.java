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

  DirectArea(Pages pages) {
    super(pages);
    DirectBlock block = new DirectBlock(OffHeap.PAGE_SIZE, pages);
    block.allocate(); // links the calls while the heap has room
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
    DirectBlock block = new DirectBlock(size.bytes(), pages);
    try {
      block.allocate();
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    }
    return block;
  }

  private static final class DirectBlock extends AddressBlock {
    private ByteBuffer buffer;

    DirectBlock(long committed, Pages pages) {
      super(committed, pages);
    }

    void allocate() {
      buffer = ByteBuffer.allocateDirect((int) committed());
      address = OffHeap.addressOf(buffer);
    }

    /** Releases the pages first, since the C library may keep a small allocation for later use. */
    @Override
    public void release() {
      pages.drop(address, committed(), 0, committed());
      OffHeap.free(buffer);
      buffer = null;
    }
  }
}
