package io.allocmem.readings;

import java.lang.management.GarbageCollectorMXBean;

/**
 * Collectors of this JVM, by the counts of their MXBeans. A count changes at the end of a
 * collection, or at each pause during a collection, depending on the name of the bean. Allocates
 * nothing.
 */
class Collectors {
  /** Events counted by a bean. */
  enum Kind {
    /** Collections of the whole heap. */
    WHOLE,
    /** Collections that leave garbage in the old generation. */
    YOUNG,
    /** Collections that leave garbage in the young generation. */
    OLD,
    /** Pauses of collections of the whole heap. */
    PAUSES,
    /** Pauses of collections of the young generation. */
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
      return ManagementBeans.collectors().toArray(new GarbageCollectorMXBean[0]);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  /**
   * Returns the kind by the name of a bean. Generational Shenandoah has a common count for
   * collections of both generations.
   */
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

  /** Returns whether this JVM exposes its collectors. */
  boolean areKnown() {
    return beans != null;
  }

  /**
   * Returns whether a collection can run beside the application for a while before a count changes.
   */
  boolean haveUnseenBegin() {
    return hasUnseenBegin;
  }

  /** Returns whether young collections also collect a part of the old generation, as on G1. */
  boolean collectOldByAndBy() {
    return collectsOldByAndBy;
  }

  /** Returns the sum of the counts of this kind. */
  long count(Kind kind) {
    long sum = 0;
    for (int i = 0; i < kinds.length; i++) {
      sum += kinds[i] == kind ? Math.max(0, beans[i].getCollectionCount()) : 0;
    }
    return sum;
  }

  /** Returns a number that changes after each step of a collector, also during a collection. */
  long activity() {
    return collections() + count(Kind.PAUSES) + count(Kind.YOUNG_PAUSES);
  }

  /** Returns the number of finished collections of all collectors. */
  long collections() {
    return count(Kind.WHOLE) + count(Kind.YOUNG) + count(Kind.OLD);
  }

  /**
   * Returns the time in milliseconds that collections stopped the application. The old generation
   * of CMS is left out: CMS does not report pauses and concurrent work separately.
   */
  long pauseMillis() {
    long sum = 0;
    for (int i = 0; i < stops.length; i++) {
      sum += stops[i] ? Math.max(0, beans[i].getCollectionTime()) : 0;
    }
    return sum;
  }
}
