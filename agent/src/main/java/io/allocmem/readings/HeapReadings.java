package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * What this JVM says of its heap. {@link Reading#UNKNOWN} where it does not, as a runtime without
 * java.management. One thread. Allocates nothing, unless said otherwise.
 *
 * <p>Live is what was used right after the last collection: it has not more garbage than the
 * collector left. The JVM's own figure for that ({@code getCollectionUsage}) is, on G1, as old as
 * the last collection of the old generation, and holds blocks that have gone since.
 */
public final class HeapReadings {
  /** So much of the heap a collection may leave as garbage, and the next one not: some regions. */
  private static final int SLACK_SHARE = 16;

  /** So much of the heap is room enough for small objects, wherever a collector has it. */
  private static final int OBJECTS_SHARE = 16;

  private final HeapRegions regions = new HeapRegions();
  private final Collectors collectors = new Collectors();
  private final LiveHeap live = new LiveHeap(collectors);
  private final MemoryPoolMXBean largest = collectors.areKnown() ? largestPool() : null;
  private final long largestMax;

  HeapReadings() {
    largestMax = largest == null ? max() : largest.getUsage().getMax();
  }

  /** Where large arrays go: all of the heap, or its old generation. */
  private static MemoryPoolMXBean largestPool() {
    MemoryPoolMXBean largest = null;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      long max = pool.getType() == MemoryType.HEAP ? pool.getUsage().getMax() : 0;
      largest = max > 0 && (largest == null || max > largest.getUsage().getMax()) ? pool : largest;
    }
    return largest;
  }

  /** How arrays lie on it. */
  public HeapRegions regions() {
    return regions;
  }

  /** Heap used in bytes, garbage included. */
  public long used() {
    return HeapUsed.now();
  }

  /** The same, with what large arrays lose to regions where the JVM does not count it. */
  private long occupied() {
    return used() + regions.uncounted();
  }

  /** Whether more than that is used, garbage included. */
  public boolean isUsed(long bytes) {
    return occupied() > bytes;
  }

  /**
   * What collections left so far, in bytes, pool by pool; less than is live where a pool was not
   * collected yet. Allocates.
   */
  public long usedAfterCollections() {
    long sum = 0;
    if (collectors.areKnown()) {
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        MemoryUsage left = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
        sum += left == null ? 0 : left.getUsed();
      }
    }
    return Math.min(sum, used());
  }

  /**
   * Whether some small objects can be had without coming near to an OutOfMemoryError. Garbage
   * counts as used.
   */
  public static boolean hasRoomForObjects() {
    long max = Runtime.getRuntime().maxMemory();
    return max - HeapUsed.now() >= max / OBJECTS_SHARE;
  }

  /** The most that the heap can become, in bytes. */
  public long max() {
    return Runtime.getRuntime().maxMemory();
  }

  /** Collections of all collectors since the JVM started; one that pauses several times is one. */
  public long collections() {
    return collectors.areKnown() ? collectors.collections() : Reading.UNKNOWN;
  }

  /** Those of them after which no garbage is left among what is old, and classes are unloaded. */
  public long wholeCollections() {
    return collectors.count(Collectors.Kind.WHOLE) + collectors.count(Collectors.Kind.OLD);
  }

  /** Changes whenever a collector has done something, while a collection goes on as well. */
  public long activity() {
    return collectors.areKnown() ? collectors.activity() : Reading.UNKNOWN;
  }

  /**
   * For how long collections stopped the application since the JVM started, in milliseconds; those
   * of CMS's old generation are not told apart from its work beside the application, and left out.
   */
  public long pauseMillis() {
    return collectors.areKnown() ? collectors.pauseMillis() : Reading.UNKNOWN;
  }

  /**
   * What is live on the heap at most, in bytes; unknown before the first collection that we see.
   * Look often: what is allocated between a collection and the look counts as live.
   *
   * @param held bytes of it that the asking plan holds now, with what it loses to regions
   */
  public long live(long held) {
    look(held);
    return live.isKnown() ? live.most() + held : Reading.UNKNOWN;
  }

  /**
   * What is live at least: without what the plan gave back and a collection may have left, and,
   * before the first collection, without all that others have.
   */
  public long liveAtLeast(long held) {
    look(held);
    return live.least() + held;
  }

  /**
   * The same for a plan that follows it: no garbage that a later collection is expected to find,
   * and no small change that the next one has not confirmed.
   */
  public long liveSteadily(long held) {
    look(held);
    return live.steadily(max() / SLACK_SHARE) + held;
  }

  /**
   * The same by the last collection alone, which may have left garbage, and not by earlier ones,
   * since which others may have grown; unknown before the first.
   */
  public long liveLately(long held) {
    look(held);
    return live.isKnown() ? live.leastAtLast() + held : Reading.UNKNOWN;
  }

  private void look(long held) {
    live.look(occupied(), held);
  }

  /**
   * The plan gave so many bytes back, with what they lost to regions.
   *
   * @param array whether they were one array
   */
  public void gaveBack(long bytes, boolean array) {
    live.gaveBack(bytes, array && regions.isWhole(bytes));
  }

  /** What the plan gave back and no collection has surely freed yet, in bytes. */
  public long garbage() {
    return live.garbage();
  }

  /** Live is unknown again until the next collection: what was held has gone. */
  public void forget() {
    live.forget();
  }

  /**
   * What large arrays can surely still have, in bytes: garbage counts as used, and what is young
   * must have room among the old, where they go.
   */
  public long roomForLargeArrays() {
    return roomBeside(occupied());
  }

  /** What large arrays can have beside so many bytes that are live. */
  public long roomBeside(long live) {
    return largestMax - live;
  }

  /**
   * What a collection of the young generation could move, in bytes: so much more the heap can then
   * have in RAM, since what it leaves stays there. Allocates some bytes, while there is room.
   */
  public long young() {
    boolean canAllocate = largest != null && hasRoomForObjects();
    try {
      return canAllocate ? Math.max(0, used() - largest.getUsage().getUsed()) : 0;
    } catch (OutOfMemoryError full) {
      return 0;
    }
  }
}
