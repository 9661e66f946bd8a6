package io.allocmem.readings;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * The collectors of this JVM, as their beans count. A count changes when a collection has finished,
 * or at each pause of a collection that goes on: the name tells which. Allocates nothing.
 */
class Collectors {
  /** What a bean counts. */
  enum Kind {
    /** Collections of all of the heap. */
    WHOLE,
    /** Collections that leave garbage among what is old. */
    YOUNG,
    /** Collections that leave garbage among what is young. */
    OLD,
    /** Pauses of collections of all of the heap. */
    PAUSES,
    /** Pauses of collections of what is young. */
    YOUNG_PAUSES
  }

  private final GarbageCollectorMXBean[] beans = beans();
  private final Kind[] kinds = new Kind[beans == null ? 0 : beans.length];
  private final boolean[] stops = new boolean[kinds.length];
  private final boolean hasUnseenBegin;
  private final boolean collectsOldByAndBy;

  Collectors() {
    boolean unseen = false;
    boolean byAndBy = false;
    for (int i = 0; i < kinds.length; i++) {
      String name = beans[i].getName();
      kinds[i] = kind(name);
      stops[i] = !name.endsWith("Cycles") && !name.equals("ConcurrentMarkSweep");
      unseen |= name.equals("ConcurrentMarkSweep") || name.equals("ZGC");
      byAndBy |= name.equals("G1 Young Generation");
    }
    hasUnseenBegin = unseen;
    collectsOldByAndBy = byAndBy;
  }

  private static GarbageCollectorMXBean[] beans() {
    try {
      return ManagementFactory.getGarbageCollectorMXBeans().toArray(new GarbageCollectorMXBean[0]);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  /** Generational Shenandoah counts collections of either generation together. */
  static Kind kind(String name) {
    switch (name) {
      case "Copy":
      case "PS Scavenge":
      case "ParNew":
      case "G1 Young Generation":
      case "ZGC Minor Cycles":
        return Kind.YOUNG;
      case "ConcurrentMarkSweep":
      case "G1 Concurrent GC":
        return Kind.OLD;
      case "ZGC Minor Pauses":
        return Kind.YOUNG_PAUSES;
      case "Shenandoah Cycles":
        return JvmFlags.is("ShenandoahGCMode", "generational") ? Kind.YOUNG : Kind.WHOLE;
      default:
        return name.endsWith("Pauses") ? Kind.PAUSES : Kind.WHOLE;
    }
  }

  /** Whether this JVM tells anything of its collectors. */
  boolean areKnown() {
    return beans != null;
  }

  /** Whether a collection can go on beside the application for a while before a count changes. */
  boolean haveUnseenBegin() {
    return hasUnseenBegin;
  }

  /** Whether collections of the young take some of the old with them, as G1's do. */
  boolean collectOldByAndBy() {
    return collectsOldByAndBy;
  }

  /** The sum of the counts of one kind. */
  long count(Kind kind) {
    long sum = 0;
    for (int i = 0; i < kinds.length; i++) {
      sum += kinds[i] == kind ? Math.max(0, beans[i].getCollectionCount()) : 0;
    }
    return sum;
  }

  /** Changes whenever a collector has done something, while a collection goes on as well. */
  long activity() {
    return collections() + count(Kind.PAUSES) + count(Kind.YOUNG_PAUSES);
  }

  /** Finished collections of all collectors. */
  long collections() {
    return count(Kind.WHOLE) + count(Kind.YOUNG) + count(Kind.OLD);
  }

  /**
   * For how long collections stopped the application, in milliseconds; those of CMS's old
   * generation are not told apart from its work beside the application, and left out.
   */
  long pauseMillis() {
    long sum = 0;
    for (int i = 0; i < stops.length; i++) {
      sum += stops[i] ? Math.max(0, beans[i].getCollectionTime()) : 0;
    }
    return sum;
  }
}
