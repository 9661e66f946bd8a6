package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that a process can have before the kernel ends it: by the limits of its cgroup and of
 * each one above that, of version 1 or 2 (cgroups(7)), and by what the machine has. Its capacity is
 * the smallest limit, and its room is the least that any of them still has: neighbours fill a group
 * as well. All of them are read at each reading, since limits move. Reading allocates nothing,
 * except after the process was moved to another group. One thread.
 *
 * <p>Used is what the kernel cannot take back at once: without the inactive page cache, as kubelet
 * ("working set") and {@code docker stats} count it.
 */
public final class ContainerReadings implements Closeable {
  private static final String MEMINFO = "/proc/meminfo";
  private static final long KIB = 1024;
  private static final byte[] TOTAL = KernelFile.name("MemTotal");
  private static final byte[] AVAILABLE = KernelFile.name("MemAvailable");
  private static final byte[] FREE = KernelFile.name("MemFree");

  /** How often is looked whether the process is in another group now. */
  private static final long LOOK_NANOS = 200_000_000;

  private static final MemoryLevel[] NONE = {};

  /** Whether something is so, where that cannot always be seen. */
  public enum Answer {
    YES,
    MAYBE,
    NO
  }

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

  /** Said when the heap has no room to look; a literal would become an object when it is used. */
  private final String moved = String.valueOf("the process was moved to another cgroup");

  /** Of this process. */
  public ContainerReadings() {
    this(Cgroups.SELF, MEMINFO, null, Cgroups.SELF);
  }

  /**
   * Of a process, as seen from this one: by our own mounts, which nobody else has made, and else by
   * those of the process.
   *
   * @param process its directory in {@code /proc}
   * @param foreign how what that process has mounted is read
   */
  public ContainerReadings(Path process, ForeignTexts foreign) {
    this(process, MEMINFO, foreign, Cgroups.SELF, process);
  }

  /**
   * @param viewers the processes by whose mounts the groups are looked for, until they are found
   */
  ContainerReadings(Path process, String meminfo, ForeignTexts foreign, Path... viewers) {
    this.process = process;
    this.foreign = foreign;
    this.viewers = viewers;
    this.meminfo = KernelFile.openOrNull(meminfo, buffer);
    this.group = KernelFile.openOrNull(process.resolve("cgroup").toString(), buffer);
    find();
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

  /** Follows the process into another group, where the heap has room for that. */
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
   * Why the limits cannot be read, as a sentence without its end; null when they are known. What
   * cannot be read is never taken for no limit: there is no room then.
   */
  public String problem() {
    follow();
    return problem;
  }

  /** Whether the limit is a container's, and not just the machine's end. */
  public boolean isLimited() {
    long machine = machine();
    return capacity(machine) != machine;
  }

  /** The most that can be had, in bytes; a limit can change while we look. */
  public long capacity() {
    return capacity(machine());
  }

  private long capacity(long machine) {
    follow();
    long least = machine;
    for (MemoryLevel level : levels) {
      long limit = level.limit();
      stale |= limit == Reading.UNKNOWN;
      boolean lower = limit < least || least == Reading.UNKNOWN;
      least = limit >= 0 && limit != Long.MAX_VALUE && lower ? limit : least;
    }
    return least;
  }

  private long machine() {
    return Figure.times(meminfo == null ? Reading.UNKNOWN : meminfo.field(TOTAL), KIB);
  }

  /**
   * What can still be had, in bytes, at the level that has least; below zero where a limit was
   * lowered, and zero where one cannot be read.
   *
   * @param withCache whether page cache counts as used, which is what mapped files take
   */
  public long room(boolean withCache) {
    follow();
    long least = problem == null ? available() : 0;
    for (MemoryLevel level : levels) {
      long room = level.room(withCache);
      stale |= room == Long.MIN_VALUE;
      least = Math.min(least, room == Long.MIN_VALUE ? 0 : room);
    }
    return least;
  }

  /** Where nothing is known of the machine it sets no end. */
  private long available() {
    if (meminfo == null) {
      return Long.MAX_VALUE;
    }
    long kib = meminfo.field(AVAILABLE);
    kib = kib == Reading.UNKNOWN ? meminfo.field(FREE) : kib; // before Linux 3.14
    return Math.max(0, Figure.times(kib, KIB));
  }

  /**
   * Whether what another process uses counts against a limit here as well; maybe, where the group
   * above both is not seen from here, as in a pod. Allocates.
   *
   * @param other its directory in {@code /proc}
   */
  public Answer limits(Path other) {
    Cgroups others = Cgroups.of(other, Cgroups.SELF, "memory");
    Cgroups ours = Cgroups.of(process, Cgroups.SELF, "memory");
    if (ours.problem != null) {
      return ours.hasBeside(others) ? Answer.MAYBE : Answer.NO;
    }
    long machine = machine();
    for (String directory : ours.directories) {
      try (MemoryLevel level = MemoryLevel.of(null, directory, ours.second, buffer)) {
        boolean limited = level != null && level.limit() >= 0 && level.limit() < machine;
        if (limited && others.directories.contains(directory)) {
          return Answer.YES;
        }
      } catch (IOException unreadable) {
        return Answer.MAYBE;
      }
    }
    return Answer.NO;
  }

  /** What is used of the capacity, by everybody: all but the room. Unknown without a capacity. */
  public long used() {
    return used(false);
  }

  /** The same with all page cache: what mapped files take shows here. */
  public long usedWithCache() {
    return used(true);
  }

  private long used(boolean withCache) {
    long capacity = capacity();
    return capacity == Reading.UNKNOWN ? capacity : Math.max(0, capacity - room(withCache));
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
    close(meminfo);
    close(group);
  }

  private static void close(KernelFile file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException nothingWasWritten) {
        return;
      }
    }
  }
}
