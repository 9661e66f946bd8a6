package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.function.ToLongFunction;

/**
 * Kind of memory to allocate from, for a single plan. Only the plan's thread uses an instance, but
 * workers of the plan allocate blocks as well where {@link io.allocmem.plan.AreaKind#hasThreads()}.
 */
public interface MemoryArea {
  /** Page size in bytes: the unit of touching, releasing and counting memory. */
  int PAGE_SIZE = OffHeap.PAGE_SIZE;

  /**
   * Allocates a block of exactly this size. Nothing but the block has been allocated when the
   * method returns or throws. Any thread, in an area that has threads.
   *
   * @throws AreaExhausted if the area refuses, with a reason of its own
   * @throws OutOfMemoryError if the heap has no room for the block's own small object
   */
  Block allocate(ByteSize size) throws AreaExhausted;

  /**
   * Returns whether a new block is fully resident, touched or not: untouched pages must be released
   * then.
   */
  default boolean isResidentAtFirst() {
    return true;
  }

  /** Returns the JVM's limit for this area alone, in bytes; -1 for none. */
  default long capacity() {
    return Pages.UNKNOWN;
  }

  /** Returns the bytes used below the limit by all code in the JVM; -1 if nobody counts them. */
  default long used() {
    return Pages.UNKNOWN;
  }

  /** Returns the used share of the area's limit that is nearest to exhaustion, 0 to 1. */
  default double nearestShare() {
    return 0;
  }

  /** Returns the name of the nearest limit, for people. */
  default String nearestLimit() {
    return "the area";
  }

  /**
   * Returns whether another block could end in an OutOfMemoryError thrown by the JVM itself. False
   * if the JVM never throws, or if the heap is the exhausted resource.
   */
  default boolean isNearError(ByteSize block) {
    return false;
  }

  /**
   * Returns a batch that corrects blocks of this size together; null if each block is corrected by
   * itself, because a block is large or is not an array.
   */
  default Batch batch(ByteSize block) {
    return null;
  }

  /**
   * Returns whether blocks of this size are written as a whole and stay as they are: too small for
   * the release of a page.
   */
  default boolean isWritten(ByteSize block) {
    return false;
  }

  /** Returns the reason why pages are neither released nor counted here; null if both work. */
  String pagesUnavailable();

  /**
   * Creates an area for a plan.
   *
   * @param sizeOf bytes of an object in this JVM
   * @throws IOException with a sentence, if this JVM has no such area
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
        return new NativeArea(new BlockPages(plan, pages));
      case DIRECT:
        return new DirectArea(new BlockPages(plan, pages));
      case MAPPED:
        return new MappedArea(new BlockPages(plan, pages), plan.touchedPerBlock().bytes());
      case STACK:
        return new StackArea(pages, plan.touchedPerBlock().bytes());
      default:
        throw new AssertionError(plan.area());
    }
  }
}
