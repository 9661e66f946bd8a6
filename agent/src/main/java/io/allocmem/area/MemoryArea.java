package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.function.ToLongFunction;

/** A place to take memory from. Only the thread of one plan uses an instance. */
public interface MemoryArea {
  /** Bytes in a page: how finely memory is touched, given back and counted. */
  int PAGE_SIZE = OffHeap.PAGE_SIZE;

  /**
   * Takes one block of exactly that size. When it returns or throws, nothing but the block has been
   * taken.
   *
   * @throws AreaExhausted when the area refuses, with its own reason
   * @throws OutOfMemoryError when the heap has no room for the block's own small object
   */
  Block allocate(ByteSize size) throws AreaExhausted;

  /** Whether a new block is in RAM as a whole, touched or not: pages must be given back then. */
  default boolean isResidentAtFirst() {
    return true;
  }

  /** The limit that the JVM sets to this area alone, in bytes; -1 when it has none. */
  default long capacity() {
    return Pages.UNKNOWN;
  }

  /** What is used of that by everybody, in bytes; -1 when nobody counts it. */
  default long used() {
    return Pages.UNKNOWN;
  }

  /** What is used of that one of the area's limits that is nearest to its end, 0 to 1. */
  default double nearestShare() {
    return 0;
  }

  /** Which one that is, for people. */
  default String nearestLimit() {
    return "the area";
  }

  /**
   * Whether one more block could end in an OutOfMemoryError that the JVM itself throws; false where
   * it never does, or the heap is what ends.
   */
  default boolean isNearError(ByteSize block) {
    return false;
  }

  /** Why pages are neither given back nor counted here; null where they are. */
  String pagesUnavailable();

  /**
   * A new area for that plan.
   *
   * @param sizeOf bytes of an object in this JVM
   * @throws IOException with a sentence, when this JVM has no such area
   */
  static MemoryArea of(HoldPlan plan, Pages pages, ToLongFunction<Object> sizeOf)
      throws IOException {
    switch (plan.area()) {
      case HEAP:
        return new HeapArea(pages);
      case OBJECTS:
        return new ObjectsArea(sizeOf);
      case METASPACE:
        return new MetaspaceArea();
      case NATIVE:
        return new NativeArea(pages);
      case DIRECT:
        return new DirectArea(pages);
      case MAPPED:
        return new MappedArea(pages, plan.fill().of(plan.blockSize()).bytes());
      case STACK:
        return new StackArea(pages, plan.fill().of(plan.blockSize()).bytes());
      default:
        throw new AssertionError(plan.area());
    }
  }
}
