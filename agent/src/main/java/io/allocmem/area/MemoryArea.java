package io.allocmem.area;

import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;

/** A place to take memory from. Only the thread of one plan uses an instance. */
public interface MemoryArea {
  /**
   * Takes one block of exactly that size. When it returns or throws, nothing but the block has been
   * taken.
   *
   * @throws AreaExhausted when the area refuses, with its own reason
   * @throws OutOfMemoryError when the heap has no room for the block's own small object
   */
  Block allocate(ByteSize size) throws AreaExhausted;

  /**
   * Why the untouched part of a block is resident here all the same; null where a fill ratio does
   * what it says.
   */
  String fillNotEnforced();

  /** A new area of that kind. */
  static MemoryArea of(AreaKind kind) {
    switch (kind) {
      case HEAP:
        return new HeapArea();
      case NATIVE:
        return new NativeArea();
      default:
        throw new AssertionError(kind);
    }
  }
}
