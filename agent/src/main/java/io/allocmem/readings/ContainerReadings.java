package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that a process can allocate before the kernel ends the process. The limits are those of
 * the process's cgroup and all ancestors, version 1 or 2 (cgroups(7)), and the machine's memory.
 * Capacity is the smallest limit. Room is the smallest remainder below any limit, since neighbours
 * fill a cgroup as well. Each reading reads all limits again, since limits change. Reading
 * allocates nothing, except after a move of the process to another cgroup. One thread.
 *
 * <p>Version 2 has a second capacity, {@code memory.high}: above that usage the kernel throttles
 * the processes and reclaims, but ends no process. The second capacity is the only capacity if no
 * cgroup has a limit.
 *
 * <p>Used memory is memory that the kernel cannot reclaim at once. Inactive page cache is left out,
 * as in the counts of kubelet ("working set") and {@code docker stats}.
 */
public final class ContainerReadings implements Closeable {
  private static final String MEMINFO = "/proc/meminfo";
  private static final long KIB = 1024;
  private static final byte[] TOTAL = KernelFile.name("MemTotal");
  private static final byte[] AVAILABLE = KernelFile.name("MemAvailable");
  private static final byte[] FREE = KernelFile.name("MemFree");

  /** Polling interval: detects a move of the process to another cgroup. */
  private static final long LOOK_NANOS = 200_000_000;

  private static final MemoryLevel[] NONE = {};

  private final Path process;
  private final Path[] viewers;
  private final ForeignTexts foreign;
  private final byte[] buffer = new byte[KernelFile.PIECE];
  private final KernelFile meminfo;
  private final KernelFile group;
  private MemoryLevel[] levels = NONE;
  private String problem;
  private long fingerprint;
  private long lookedAt;
  private boolean stale;

  /**
   * Message for a heap without room to find the new cgroup. A literal would become an object at its
   * first use.
   */
  private final String moved = String.valueOf("the process was moved to another cgroup");

  /** Measures this process. */
  public ContainerReadings() {
    this(Cgroups.SELF, MEMINFO, null, Cgroups.SELF);
  }

  /**
   * Measures another process. Mounts of this process come first, since nobody else made them.
   * Mounts of the measured process come second.
   *
   * @param process directory of the process in {@code /proc}
   * @param foreign reader of files in mounts of the measured process
   */
  public ContainerReadings(Path process, ForeignTexts foreign) {
    this(process, MEMINFO, foreign, Cgroups.SELF, process);
  }

  /**
   * @param viewers processes that provide the mounts, tried in order until the cgroups are found
   */
  ContainerReadings(Path process, String meminfo, ForeignTexts foreign, Path... viewers) {
    this.process = process;
    this.foreign = foreign;
    this.viewers = viewers;
    this.meminfo = KernelFile.openOrNull(meminfo, buffer);
    this.group = KernelFile.openOrNull(process.resolve("cgroup").toString(), buffer);
    find();
  }

  /**
   * Returns the directories of the memory cgroups of a process, own cgroup first; empty if this
   * process does not see the cgroups. Allocates.
   *
   * @param process directory of the process in {@code /proc}
   */
  public static List<String> groups(Path process) {
    return Cgroups.of(process, Cgroups.SELF, "memory").directories;
  }

  private void find() {
    fingerprint = group == null ? 0 : group.fingerprint();
    lookedAt = System.nanoTime();
    stale = false;
    int next = 0;
    do {
      ForeignTexts texts = viewers[next].equals(Cgroups.SELF) ? null : foreign;
      take(Cgroups.of(process, viewers[next], "memory"), texts);
      next++;
    } while (problem != null && next < viewers.length);
  }

  private void take(Cgroups groups, ForeignTexts texts) {
    closeLevels();
    problem = groups.problem;
    List<MemoryLevel> found = new ArrayList<>();
    for (String directory : groups.directories) {
      try {
        MemoryLevel level = MemoryLevel.of(texts, directory, groups.second, buffer);
        if (level != null) {
          found.add(level);
        }
      } catch (IOException unreadable) {
        problem = Cgroups.printable(unreadable.getMessage());
      }
    }
    levels = found.toArray(NONE);
  }

  /** Follows the process into another cgroup, if the heap has room for the new objects. */
  private void follow() {
    long now = System.nanoTime();
    if (group == null || now - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedAt = now;
    if (!stale && group.fingerprint() == fingerprint) {
      return;
    }
    try {
      if (HeapReadings.hasRoomForObjects()) {
        find();
        return;
      }
    } catch (OutOfMemoryError full) {
      closeLevels();
    }
    stale = true;
    problem = moved;
  }

  /**
   * Returns the reason why limits cannot be read, as a sentence without a full stop; null if all
   * limits are known. An unreadable limit never counts as no limit: the room is zero then.
   */
  public String problem() {
    follow();
    return problem;
  }

  /** Returns whether a container sets the limit, and not only the machine. */
  public boolean isLimited() {
    long machine = machine();
    return capacity(machine) != machine;
  }

  /** Returns the smallest limit in bytes. A limit can change at any time. */
  public long capacity() {
    return capacity(machine());
  }

  private long capacity(long machine) {
    long least = limit(machine);
    return least == machine ? lower(machine, lowestHigh()) : least;
  }

  private long limit(long machine) {
    follow();
    long least = machine;
    for (MemoryLevel level : levels) {
      long limit = level.limit();
      stale |= limit == Reading.UNKNOWN;
      least = limit == Reading.UNKNOWN ? least : lower(least, limit);
    }
    return least;
  }

  /**
   * Returns the usage above which the kernel throttles the process; unknown if the kernel throttles
   * at no usage below the limit. Equal to the capacity if no cgroup has a limit.
   */
  public long high() {
    long high = lowestHigh();
    long limit = limit(machine());
    boolean below = limit == Reading.UNKNOWN ? high != Long.MAX_VALUE : high < limit;
    return below ? high : Reading.UNKNOWN;
  }

  private long lowestHigh() {
    follow();
    long least = Long.MAX_VALUE;
    for (MemoryLevel level : levels) {
      least = Math.min(least, level.high());
    }
    return least;
  }

  private static long lower(long bytes, long limit) {
    boolean lower = limit < bytes || bytes == Reading.UNKNOWN;
    return limit != Long.MAX_VALUE && lower ? limit : bytes;
  }

  private long machine() {
    return Figure.times(meminfo == null ? Reading.UNKNOWN : meminfo.field(TOTAL), KIB);
  }

  /**
   * Returns the bytes that can still be allocated before the kernel ends or throttles a process, at
   * the level with the smallest remainder. The result is below zero if a limit was lowered or the
   * kernel throttles, and zero if a limit cannot be read.
   *
   * @param withCache true to count page cache, the memory of mapped files, as used
   */
  public long room(boolean withCache) {
    return Math.min(roomBelowLimits(withCache, true), roomBelowHigh(withCache, true));
  }

  private long roomBelowLimits(boolean withInactive, boolean withActive) {
    follow();
    long least = problem == null ? available() : 0;
    for (MemoryLevel level : levels) {
      long room = level.room(withInactive, withActive);
      stale |= room == Long.MIN_VALUE;
      least = Math.min(least, room == Long.MIN_VALUE ? 0 : room);
    }
    return least;
  }

  private long roomBelowHigh(boolean withInactive, boolean withActive) {
    long least = Long.MAX_VALUE;
    for (MemoryLevel level : levels) {
      least = Math.min(least, level.roomBelowHigh(withInactive, withActive));
    }
    return least;
  }

  /** Returns the available memory of the machine; no limit if the machine's memory is unknown. */
  private long available() {
    if (meminfo == null) {
      return Long.MAX_VALUE;
    }
    long kib = meminfo.field(AVAILABLE);
    kib = kib == Reading.UNKNOWN ? meminfo.field(FREE) : kib; // before Linux 3.14
    return Math.max(0, Figure.times(kib, KIB));
  }

  /**
   * Returns the used part of the capacity, by all processes: capacity minus room. Unknown without a
   * capacity.
   */
  public long used() {
    return used(false, true);
  }

  /** Returns the used part of the capacity with all page cache, and therefore with mapped files. */
  public long usedWithCache() {
    return used(true, true);
  }

  /** Returns the used part of the capacity without page cache: what the kernel cannot reclaim. */
  public long usedWithoutCache() {
    return used(false, false);
  }

  /** Returns the bytes that hold nothing, not even page cache, and that the kernel gives away. */
  public long empty() {
    long free = Figure.times(meminfo == null ? 0 : meminfo.field(FREE), KIB);
    return Math.max(0, Math.min(free, room(true)));
  }

  private long used(boolean withInactive, boolean withActive) {
    long machine = machine();
    boolean hard = limit(machine) != machine;
    long capacity = capacity(machine);
    long below = roomBelowLimits(withInactive, withActive);
    long room = hard ? below : Math.min(below, roomBelowHigh(withInactive, withActive));
    return capacity == Reading.UNKNOWN ? capacity : Math.max(0, capacity - room);
  }

  private void closeLevels() {
    for (MemoryLevel level : levels) {
      level.close();
    }
    levels = NONE;
  }

  @Override
  public void close() {
    closeLevels();
    KernelFile.closeQuietly(meminfo);
    KernelFile.closeQuietly(group);
  }
}
