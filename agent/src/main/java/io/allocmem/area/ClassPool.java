package io.allocmem.area;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;

/**
 * One of the two limits of the memory for classes, as the JVM counts it. Each look at it makes an
 * object: with a full heap the last figures stay. One thread.
 */
final class ClassPool {
  /** Room for objects is so much of the heap; garbage counts as used. */
  private static final int ROOM_SHARE = 16;

  /** Of a limit, or of what a block takes, so much stays free where an error is fatal. */
  private static final int FATAL_SHARE = 10;

  private final MemoryPoolMXBean pool;
  private long max;
  private long used;
  private long committed;

  private ClassPool(MemoryPoolMXBean pool) {
    this.pool = pool;
    look(pool.getUsage());
  }

  /** Null when this JVM has no pool of that name. */
  static ClassPool of(String name) {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals(name)) {
        return new ClassPool(pool);
      }
    }
    return null;
  }

  private void look(MemoryUsage usage) {
    max = usage.getMax();
    used = usage.getUsed();
    committed = usage.getCommitted();
  }

  private void lookIfThereIsRoom() {
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.maxMemory();
    try {
      if (heap - (runtime.totalMemory() - runtime.freeMemory()) >= heap / ROOM_SHARE) {
        look(pool.getUsage());
      }
    } catch (OutOfMemoryError full) {
      return; // the last figures stay
    }
  }

  /** Bytes in use now, however full the heap is. */
  long usedNow() {
    return pool.getUsage().getUsed();
  }

  /** The limit in bytes; -1 for none. */
  long max() {
    return max;
  }

  /** Bytes in use. */
  long used() {
    lookIfThereIsRoom();
    return used;
  }

  /** Of the limit, 0 to 1; 0 without one. */
  double share() {
    return max > 0 ? (double) used() / max : 0;
  }

  /**
   * Whether taking so much could end in an OutOfMemoryError. The limit is one of committed memory:
   * what lies free between classes may not fit the next one.
   */
  boolean isNearError(long bytes) {
    lookIfThereIsRoom();
    return max > 0 && max - committed < bytes + Math.max(bytes, max / FATAL_SHARE);
  }
}
