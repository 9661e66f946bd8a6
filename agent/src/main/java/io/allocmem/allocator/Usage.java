package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.HugePages;
import io.allocmem.plan.LockLimit;
import io.allocmem.plan.PageKind;
import io.allocmem.plan.Preflight;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.JvmFlags;
import io.allocmem.readings.ProcessReadings;

/**
 * Capacity and usage of the area of a plan, in bytes. On the heap, the live bytes count; elsewhere
 * the area's own limit, or the container or the machine; with a target of memory pressure always
 * the container or the machine, whose pressure it is. One thread. Allocates nothing, except in
 * {@link #preflight}.
 *
 * <p>Usage after a collection is known within bounds: a released block stays used until a
 * collection frees the block.
 */
public class Usage {
  private final HeapReadings heap;
  private final ContainerReadings container;
  private final MemoryArea area;
  private final Readings state;
  private final boolean onHeap;
  private final boolean ownLimit;
  private final boolean ofClasses;
  private final boolean ofCache;
  private final boolean ofPressure;
  private final boolean inArrays;

  Usage(HoldPlan plan, MemoryArea area, ProcessReadings process, Readings state) {
    this.heap = process.heap();
    this.container = process.container();
    this.area = area;
    this.state = state;
    this.onHeap = plan.area().isOnHeap();
    this.ofPressure = plan.followsPressure();
    this.ownLimit = !onHeap && !ofPressure && area.capacity() != Reading.UNKNOWN;
    this.ofClasses = plan.area() == AreaKind.METASPACE;
    this.ofCache = plan.area() == AreaKind.MAPPED;
    this.inArrays = plan.area() == AreaKind.HEAP;
  }

  /** Returns the measured conditions for a plan, before the plan is accepted. Allocates. */
  public static Preflight preflight(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    Usage usage = new Usage(plan, area, process, new Readings());
    Preflight preflight = new Preflight();
    preflight.capacity = usage.capacity();
    preflight.used = usage.usedAfterCollections();
    preflight.usedWithGarbage = usage.onHeap ? process.heap().used() : preflight.used;
    preflight.containerCapacity = process.container().capacity();
    preflight.containerLimited = process.container().isLimited();
    preflight.containerUsed = process.container().used();
    preflight.containerProblem = process.container().problem();
    preflight.processors = Runtime.getRuntime().availableProcessors();
    if (plan.pages() == PageKind.HUGE) {
      preflight.hugePages = HugePages.ofThisProcess();
    } else if (plan.pages() == PageKind.LOCKED) {
      preflight.lockable = LockLimit.ofThisProcess();
    }
    preflight.fatalFlag = JvmFlags.fatalOnOutOfMemory();
    preflight.unread = preflight.fatalFlag == null ? JvmFlags.unread() : null;
    return preflight;
  }

  /** Returns true if the area's own limit counts, and the limit is not the heap's. */
  boolean hasOwnLimit() {
    return ownLimit;
  }

  /** Returns the limit of the heap, of the area, or of the container. The limit can change. */
  long capacity() {
    if (onHeap) {
      return heap.max();
    }
    return ownLimit ? area.capacity() : container.capacity();
  }

  /**
   * Returns the bytes that collections left so far, since garbage can still be freed. Allocates.
   */
  private long usedAfterCollections() {
    if (onHeap) {
      return heap.usedAfterCollections();
    }
    return ownLimit ? area.used() : container.used();
  }

  /** Returns the usage before an allocation: upper bound. */
  long atMost() {
    if (onHeap) {
      long live = heap.live(held());
      return live == Reading.UNKNOWN ? heap.used() : live;
    }
    long used = ownLimit ? area.used() : containerUsed();
    return ofClasses ? Math.max(used, (long) (capacity() * area.nearestShare())) : used;
  }

  /** Returns the usage before a release: lower bound. */
  long atLeast() {
    return onHeap ? heap.liveAtLeast(held()) : atMost();
  }

  /**
   * Returns the usage without short-term changes: a plan with a target utilisation need not hurry.
   */
  long steady() {
    return onHeap ? heap.liveSteadily(held()) : atMost();
  }

  /** Returns the bytes of the area that a block takes, with the loss to regions of the heap. */
  long takenBy(long block) {
    return inArrays ? heap.regions().takenBy(block) : block;
  }

  /** Returns the bytes of the heap that the plan takes. */
  long held() {
    return state.get(Reading.COMMITTED) + state.get(Reading.REGION_WASTE);
  }

  /**
   * Returns the free bytes of the container. The kernel can reclaim page cache, so page cache
   * counts as used only if the plan itself takes page cache.
   */
  long containerRoom() {
    return ofPressure ? container.capacity() - usedUnderPressure() : container.room(ofCache);
  }

  /** Returns the bytes of the container that hold nothing, not even page cache. */
  long empty() {
    return container.empty();
  }

  private long containerUsed() {
    if (ofPressure) {
      return usedUnderPressure();
    }
    return ofCache ? container.usedWithCache() : container.used();
  }

  /** Returns the usage without the page cache of others, which pressure is to take away. */
  private long usedUnderPressure() {
    long used = container.usedWithoutCache();
    return ofCache ? Math.min(container.usedWithCache(), used + state.get(Reading.TOUCHED)) : used;
  }
}
