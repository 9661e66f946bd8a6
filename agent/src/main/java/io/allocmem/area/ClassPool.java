package io.allocmem.area;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;

/**
 * Limit of the memory for classes, as counted by the JVM: metaspace, or compressed class space.
 * Each sample creates an object, so with a full heap the last figures stay. One thread.
 *
 * <p>Without room for the object, the JVM throws an OutOfMemoryError; or, if there is room again a
 * moment later, an InternalError, "Memory Pool not found" (MemoryPoolImpl.c; seen on 27).
 */
final class ClassPool {
  /** Divisor: this part of the heap must be free for objects; garbage counts as used. */
  private static final int ROOM_SHARE = 16;

  /**
   * Divisor for the reserve where an error is fatal: this part of the limit stays free, or the size
   * of a block, if larger.
   */
  private static final int FATAL_SHARE = 10;

  private final MemoryPoolMXBean pool;

  /** Made here, with the beginning that {@link AreaExhausted#by} knows. */
  private final OutOfMemoryError full = new OutOfMemoryError("Java heap space: no room for usage");

  private long max;
  private long used;
  private long committed;

  ClassPool(MemoryPoolMXBean pool) {
    this.pool = pool;
    look(pool.getUsage());
  }

  /** Returns the pool of this name; null if the JVM has no such pool. */
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
    } catch (VirtualMachineError noRoom) {
      return; // the last figures stay
    }
  }

  /**
   * Returns the bytes in use now.
   *
   * @throws OutOfMemoryError if the heap has no room for the answer
   */
  long usedNow() {
    try {
      return pool.getUsage().getUsed();
    } catch (InternalError noRoom) {
      throw full;
    }
  }

  /** Returns the limit in bytes; -1 for none. */
  long max() {
    return max;
  }

  /** Returns the bytes in use. */
  long used() {
    lookIfThereIsRoom();
    return used;
  }

  /** Returns the used share of the limit, 0 to 1; 0 without a limit. */
  double share() {
    return max > 0 ? (double) used() / max : 0;
  }

  /**
   * Returns whether an allocation of {@code bytes} could end in an OutOfMemoryError. The limit is a
   * limit of committed memory: free space between classes may be too small for the next class.
   */
  boolean isNearError(long bytes) {
    lookIfThereIsRoom();
    return max > 0 && max - committed < bytes + Math.max(bytes, max / FATAL_SHARE);
  }
}
