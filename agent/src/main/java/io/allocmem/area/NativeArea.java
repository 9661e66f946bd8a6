package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.plan.ByteSize;

/**
 * Blocks of the C library's memory: outside the heap, not zeroed, and counted by no limit of the
 * JVM, so only the container's limit or the machine's memory ends them.
 */
final class NativeArea implements MemoryArea {
  private final AreaExhausted exhausted = new AreaExhausted("the C library has no more memory");

  NativeArea() {
    // links the calls while the heap has room for it
    NativeBlock first = new NativeBlock();
    first.take(OffHeap.PAGE_SIZE);
    first.touch(0, OffHeap.PAGE_SIZE);
    first.release();
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    NativeBlock block = new NativeBlock();
    try {
      block.take(size.bytes());
      return block;
    } catch (OutOfMemoryError refused) {
      throw exhausted;
    }
  }

  @Override
  public String fillNotEnforced() {
    return null;
  }

  private static final class NativeBlock implements Block {
    private long address;
    private long committed;

    void take(long bytes) {
      address = OffHeap.allocate(bytes);
      committed = bytes;
    }

    @Override
    public long committed() {
      return committed;
    }

    @Override
    public void touch(long from, long to) {
      for (long at = from; at < to; at += OffHeap.PAGE_SIZE) {
        OffHeap.touch(address + at);
      }
    }

    @Override
    public void release() {
      OffHeap.free(address);
      address = 0;
    }
  }
}
