package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Heap figures of this JVM. A figure is {@link Reading#UNKNOWN} if the JVM does not report the
 * figure, as in a runtime without java.management. One thread. Allocates nothing, unless a method
 * says otherwise.
 *
 * <p>Live heap is the heap used right after the last collection, with no more garbage than the
 * collector left. On G1 the JVM's own figure ({@code getCollectionUsage}) is as old as the last
 * collection of the old generation, and still includes blocks released since.
 */
public final class HeapReadings {
  /**
   * Share of the heap that a collection may leave as garbage and the next collection may free: some
   * regions.
   */
  private static final int SLACK_SHARE = 16;

  /** Share of the heap that is room enough for small objects, wherever a collector has the room. */
  private static final int OBJECTS_SHARE = 16;

  private final HeapRegions regions = new HeapRegions();
  private final Collectors collectors = new Collectors();
  private final LiveHeap live = new LiveHeap(collectors);
  private final OverheadLimit overheadLimit;
  private final MemoryPoolMXBean largest;
  private final long largestMax;

  /**
   * @param plans true for a plan on the heap; other plans need no memory pool and no limit
   */
  HeapReadings(boolean plans) {
    overheadLimit = plans ? OverheadLimit.ofThisJvm() : OverheadLimit.NONE;
    largest = plans && collectors.areKnown() ? largestPool() : null;
    largestMax = largest == null ? max() : largest.getUsage().getMax();
  }

  /** Returns the pool of large arrays: the whole heap, or the old generation. */
  private static MemoryPoolMXBean largestPool() {
    MemoryPoolMXBean largest = null;
    for (MemoryPoolMXBean pool : ManagementBeans.pools()) {
      long max = pool.getType() == MemoryType.HEAP ? pool.getUsage().getMax() : 0;
      largest = max > 0 && (largest == null || max > largest.getUsage().getMax()) ? pool : largest;
    }
    return largest;
  }

  /** Returns the layout of arrays on the heap. */
  public HeapRegions regions() {
    return regions;
  }

  /** Returns the GC overhead limit of this JVM, for a plan on the heap. */
  public OverheadLimit overheadLimit() {
    return overheadLimit;
  }

  /** Returns true if a request for a collection waits for a concurrent cycle. Allocates. */
  public boolean collectsConcurrently() {
    return JvmFlags.isOn("ExplicitGCInvokesConcurrent");
  }

  /** Returns the heap used in bytes, garbage included. */
  public long used() {
    return HeapUsed.now();
  }

  /**
   * Returns the heap used, plus the region waste of large arrays where the JVM does not count
   * waste.
   */
  private long occupied() {
    return used() + regions.uncounted();
  }

  /** Returns whether heap use exceeds {@code bytes}, garbage included. */
  public boolean isUsed(long bytes) {
    return occupied() > bytes;
  }

  /**
   * Returns the heap that collections left so far, in bytes, summed over the pools. The sum is less
   * than the live heap if a pool was not collected yet. Allocates.
   */
  public long usedAfterCollections() {
    long sum = 0;
    if (collectors.areKnown()) {
      for (MemoryPoolMXBean pool : ManagementBeans.pools()) {
        MemoryUsage left = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
        sum += left == null ? 0 : left.getUsed();
      }
    }
    return Math.min(sum, used());
  }

  /**
   * Returns whether some small objects can be allocated without coming near an OutOfMemoryError.
   * Garbage counts as used.
   */
  public static boolean hasRoomForObjects() {
    long max = Runtime.getRuntime().maxMemory();
    return max - HeapUsed.now() >= max / OBJECTS_SHARE;
  }

  /** Returns the maximum heap size in bytes. */
  public long max() {
    return Runtime.getRuntime().maxMemory();
  }

  /**
   * Returns the number of collections of all collectors since the JVM started. A collection with
   * several pauses counts once.
   */
  public long collections() {
    return collectors.areKnown() ? collectors.collections() : Reading.UNKNOWN;
  }

  /**
   * Returns the number of collections that leave no garbage in the old generation and unload
   * classes.
   */
  public long wholeCollections() {
    return collectors.count(Collectors.Kind.WHOLE) + collectors.count(Collectors.Kind.OLD);
  }

  /** Returns a number that changes after each step of a collector, also during a collection. */
  public long activity() {
    return collectors.areKnown() ? collectors.activity() : Reading.UNKNOWN;
  }

  /**
   * Returns the time in milliseconds that collections stopped the application since the JVM
   * started. The old generation of CMS is left out: CMS does not report pauses and concurrent work
   * separately.
   */
  public long pauseMillis() {
    return collectors.areKnown() ? collectors.pauseMillis() : Reading.UNKNOWN;
  }

  /**
   * Returns the upper bound of the live heap in bytes; unknown before the first collection that
   * this object sees. Sample often: memory allocated between a collection and the sample counts as
   * live.
   *
   * @param held bytes of the asking plan on the heap now, region waste included
   */
  public long live(long held) {
    look(held);
    return live.isKnown() ? live.most() + held : Reading.UNKNOWN;
  }

  /**
   * Returns the lower bound of the live heap. Released blocks that a collection may have left do
   * not count. Before the first collection, only the plan's blocks count.
   */
  public long liveAtLeast(long held) {
    look(held);
    return live.least() + held;
  }

  /**
   * Returns the lower bound of the live heap, for a plan that follows the live heap. Garbage that a
   * later collection will probably find does not count. A small increase counts only after the next
   * collection has confirmed the increase.
   */
  public long liveSteadily(long held) {
    look(held);
    return live.steadily(max() / SLACK_SHARE) + held;
  }

  /**
   * Returns the lower bound of the live heap by the last collection alone, which may have left
   * garbage. Earlier collections do not count, since the application may have grown. Unknown before
   * the first collection.
   */
  public long liveLately(long held) {
    look(held);
    return live.isKnown() ? live.leastAtLast() + held : Reading.UNKNOWN;
  }

  private void look(long held) {
    live.look(occupied(), held);
  }

  /**
   * Records the release of a plan's bytes, region waste included.
   *
   * @param array true if the bytes were a single array
   */
  public void released(long bytes, boolean array) {
    live.released(bytes, array && regions.isWhole(bytes));
  }

  /** Returns the bytes that the plan released and no collection has certainly freed yet. */
  public long garbage() {
    return live.garbage();
  }

  /** Makes the live heap unknown until the next collection, after the release of held blocks. */
  public void forget() {
    live.forget();
  }

  /**
   * Returns the bytes that large arrays can certainly still take. Garbage counts as used. Young
   * objects must find room in the old generation, beside large arrays.
   */
  public long roomForLargeArrays() {
    return roomBeside(occupied());
  }

  /** Returns the bytes that large arrays can take beside this much live heap. */
  public long roomBeside(long live) {
    return largestMax - live;
  }

  /**
   * Returns the bytes that a young collection could move. The resident set of the heap can then
   * grow by these bytes, since the vacated pages stay resident. Allocates some bytes, if the heap
   * has room.
   */
  public long young() {
    boolean canAllocate = largest != null && hasRoomForObjects();
    try {
      return canAllocate ? Math.max(0, used() - largest.getUsage().getUsed()) : 0;
    } catch (VirtualMachineError full) { // also an InternalError, "Memory Pool not found"
      return 0;
    }
  }
}
