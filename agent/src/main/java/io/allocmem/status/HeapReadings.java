package io.allocmem.status;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * What this JVM says of its heap. {@link ProcessReadings#UNKNOWN} where it does not, as a runtime
 * without java.management. One thread. Allocates nothing, unless said otherwise.
 *
 * <p>Live is what was used right after the last collection of any kind: it has not more garbage
 * than the collector left. The JVM's own figure for that ({@code getCollectionUsage}) is, on G1, as
 * old as the last collection of the old generation, and holds blocks that have gone since.
 */
public final class HeapReadings {
  /** Live is the least of what collections left within this time, as each may leave garbage. */
  private static final long WINDOW_NANOS = 1_000_000_000;

  private static final int WINDOW = 64;

  /** So much of the heap is room enough for small objects, wherever a collector has it. */
  private static final int OBJECTS_SHARE = 16;

  private final HeapRegions regions = new HeapRegions();
  private final GarbageCollectorMXBean[] collectors = collectors();
  private final boolean[] stops = stops(collectors);
  private final boolean[] partsOfCycles = partsOfCycles(collectors);
  private final MemoryPoolMXBean largest = collectors == null ? null : largestPool();
  private final long largestMax;
  private final long[] others = new long[WINDOW];
  private final long[] times = new long[WINDOW];
  private int looks;
  private long activity;

  HeapReadings() {
    largestMax = largest == null ? max() : largest.getUsage().getMax();
    activity = activity();
  }

  private static GarbageCollectorMXBean[] collectors() {
    try {
      return ManagementFactory.getGarbageCollectorMXBeans().toArray(new GarbageCollectorMXBean[0]);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  /**
   * Which of them count the time of their pauses, and not of what they do beside the application.
   */
  private static boolean[] stops(GarbageCollectorMXBean[] collectors) {
    boolean[] stops = new boolean[collectors == null ? 0 : collectors.length];
    for (int i = 0; i < stops.length; i++) {
      String name = collectors[i].getName();
      stops[i] = !name.endsWith("Cycles") && !name.equals("ConcurrentMarkSweep");
    }
    return stops;
  }

  /**
   * Which of them count pauses that another one's cycles are made of: ZGC's and Shenandoah's, three
   * to eight in each.
   */
  private static boolean[] partsOfCycles(GarbageCollectorMXBean[] collectors) {
    boolean[] parts = new boolean[collectors == null ? 0 : collectors.length];
    boolean cycles = false;
    for (int i = 0; i < parts.length; i++) {
      cycles |= collectors[i].getName().endsWith("Cycles");
    }
    for (int i = 0; i < parts.length; i++) {
      parts[i] = cycles && collectors[i].getName().endsWith("Pauses");
    }
    return parts;
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
    if (collectors != null) {
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
    return count(false);
  }

  /** Changes whenever a collector has done something, while a collection goes on as well. */
  public long activity() {
    return count(true);
  }

  private long count(boolean withParts) {
    if (collectors == null) {
      return ProcessReadings.UNKNOWN;
    }
    long sum = 0;
    for (int i = 0; i < collectors.length; i++) {
      boolean counts = withParts || !partsOfCycles[i];
      sum += counts ? Math.max(0, collectors[i].getCollectionCount()) : 0;
    }
    return sum;
  }

  /**
   * For how long collections stopped the application since the JVM started, in milliseconds; those
   * of CMS's old generation are not told apart from its work beside the application, and left out.
   */
  public long pauseMillis() {
    if (collectors == null) {
      return ProcessReadings.UNKNOWN;
    }
    long sum = 0;
    for (int i = 0; i < stops.length; i++) {
      sum += stops[i] ? Math.max(0, collectors[i].getCollectionTime()) : 0;
    }
    return sum;
  }

  /**
   * What is live on the heap, in bytes; unknown before the first collection that we see. Look
   * often: what is allocated between a collection and the look counts as live.
   *
   * @param held bytes of it that the asking plan holds now, with what it loses to regions
   */
  public long live(long held) {
    look(held);
    if (looks == 0) {
      return ProcessReadings.UNKNOWN;
    }
    long now = System.nanoTime();
    long least = left(1);
    for (int i = 2;
        i <= Math.min(looks, WINDOW) && now - times[(looks - i) % WINDOW] < WINDOW_NANOS;
        i++) {
      least = Math.min(least, left(i));
    }
    return Math.max(0, least) + held;
  }

  /**
   * What may be live at most: as {@link #live}, by the last collection alone, which may have left
   * garbage, and not by earlier ones, since which others may have grown.
   */
  public long liveAtMost(long held) {
    look(held);
    return looks == 0 ? ProcessReadings.UNKNOWN : Math.max(0, left(1)) + held;
  }

  /** What the others had after a collection, so many collections ago. */
  private long left(int ago) {
    return others[(looks - ago) % WINDOW];
  }

  private void look(long held) {
    long counted = activity();
    if (counted != activity) {
      activity = counted;
      others[looks % WINDOW] = occupied() - held;
      times[looks % WINDOW] = System.nanoTime();
      looks++;
    }
  }

  /** Live is unknown again until the next collection: what was held has gone. */
  public void forget() {
    looks = 0;
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
