package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Cgroup with a memory limit: the limit, and the memory used by all processes of the cgroup. Each
 * call reads everything again, since a limit can change at any time. Allocates nothing. One thread.
 *
 * <p>Version 1 has a second limit for memory and swap together, where swapped memory counts.
 * Version 2 has a mark below the limit, {@code memory.high}: above the mark the kernel ends no
 * process, but throttles each process that allocates.
 */
final class MemoryLevel implements Closeable {
  private static final byte[] INACTIVE_V2 = KernelFile.name("inactive_file");
  private static final byte[] INACTIVE_V1 = KernelFile.name("total_inactive_file");
  private static final byte[] ACTIVE_V2 = KernelFile.name("active_file");
  private static final byte[] ACTIVE_V1 = KernelFile.name("total_active_file");

  private final KernelFile limit;
  private final KernelFile usage;
  private final KernelFile stat;
  private final byte[] inactive;
  private final byte[] active;

  /** Limit of memory and swap in version 1; null if the limit does not exist. */
  private final KernelFile swapLimit;

  /** Usage measured by the limit of memory and swap. */
  private final KernelFile swapUsage;

  /** Mark of version 2, above which the kernel throttles; null if the mark does not exist. */
  private final KernelFile high;

  private MemoryLevel(ForeignTexts foreign, String directory, boolean second, byte[] buffer)
      throws IOException {
    String prefix = directory + "/memory.";
    limit = KernelFile.open(foreign, limitOf(directory, second), buffer);
    KernelFile[] others = new KernelFile[2];
    try {
      others[0] =
          KernelFile.open(foreign, prefix + (second ? "current" : "usage_in_bytes"), buffer);
      others[1] = KernelFile.open(foreign, prefix + "stat", buffer);
    } catch (IOException e) {
      KernelFile.closeQuietly(limit);
      KernelFile.closeQuietly(others[0]);
      throw e;
    }
    usage = others[0];
    stat = others[1];
    inactive = second ? INACTIVE_V2 : INACTIVE_V1;
    active = second ? ACTIVE_V2 : ACTIVE_V1;
    swapLimit = KernelFile.openOrNull(foreign, prefix + "memsw.limit_in_bytes", buffer);
    swapUsage = KernelFile.openOrNull(foreign, prefix + "memsw.usage_in_bytes", buffer);
    high = KernelFile.openOrNull(foreign, prefix + "high", buffer);
  }

  /**
   * Returns the level of a cgroup.
   *
   * @param foreign reader of files in another process's mounts; else null
   * @param buffer read buffer for all files
   * @return null if the cgroup has no limits at all, as the topmost cgroup of version 2
   * @throws IOException if a limit may exist but cannot be read
   */
  static MemoryLevel of(ForeignTexts foreign, String directory, boolean second, byte[] buffer)
      throws IOException {
    return second && hasNoLimit(foreign, Paths.get(directory), Paths.get(limitOf(directory, true)))
        ? null
        : new MemoryLevel(foreign, directory, second, buffer);
  }

  private static boolean hasNoLimit(ForeignTexts foreign, Path directory, Path limit)
      throws IOException {
    if (foreign == null) {
      return Files.notExists(limit) && Files.isDirectory(directory);
    }
    try {
      foreign.read(limit);
      return false;
    } catch (NoSuchFileException missing) {
      return foreign.isDirectory(directory);
    }
  }

  private static String limitOf(String directory, boolean second) {
    return directory + (second ? "/memory.max" : "/memory.limit_in_bytes");
  }

  /**
   * Returns the limit in bytes; {@link Long#MAX_VALUE} for no limit, unknown if the limit cannot be
   * read now.
   */
  long limit() {
    long bytes = limit.word(0);
    long other = swapLimit == null ? Reading.UNKNOWN : swapLimit.word(0);
    boolean lower = bytes != Reading.UNKNOWN && other >= 0 && other < bytes;
    return lower ? other : bytes;
  }

  /** Returns the usage where the kernel begins to throttle; {@link Long#MAX_VALUE} for none. */
  long high() {
    long bytes = high == null ? Long.MAX_VALUE : high.word(0);
    return bytes == Reading.UNKNOWN ? Long.MAX_VALUE : bytes;
  }

  /**
   * Returns the bytes that can still be allocated below the limit, below zero if a limit was
   * lowered; {@link Long#MIN_VALUE} if the limit cannot be read now.
   *
   * @param withInactive true to count page cache as used that the kernel reclaims first
   * @param withActive true to count page cache as used that processes read again and again
   */
  long room(boolean withInactive, boolean withActive) {
    long bytes = limit.word(0);
    long used = usage.word(0);
    if (bytes == Reading.UNKNOWN || used == Reading.UNKNOWN) {
      return Long.MIN_VALUE;
    }
    long back = reclaimable(used, withInactive, withActive);
    long room = bytes == Long.MAX_VALUE ? bytes : bytes - used + back;
    long other = swapLimit == null ? Long.MAX_VALUE : swapLimit.word(0);
    long otherUsed = swapUsage == null ? used : swapUsage.word(0);
    boolean second = other >= 0 && other != Long.MAX_VALUE && otherUsed >= 0;
    return second ? Math.min(room, other - otherUsed + Math.min(back, otherUsed)) : room;
  }

  /**
   * Returns the bytes that can still be allocated without throttling, below zero if the kernel
   * throttles now; {@link Long#MAX_VALUE} if the kernel never throttles. The parameters are those
   * of {@link #room}.
   */
  long roomBelowHigh(boolean withInactive, boolean withActive) {
    long bytes = high();
    long used = usage.word(0);
    boolean none = bytes == Long.MAX_VALUE || used == Reading.UNKNOWN;
    return none ? Long.MAX_VALUE : bytes - used + reclaimable(used, withInactive, withActive);
  }

  private long reclaimable(long used, boolean withInactive, boolean withActive) {
    long back = withInactive ? 0 : Math.min(used, Math.max(0, stat.field(inactive)));
    long more = withActive ? 0 : Math.max(0, stat.field(active));
    return back + Math.min(used - back, more);
  }

  @Override
  public void close() {
    KernelFile.closeQuietly(limit);
    KernelFile.closeQuietly(usage);
    KernelFile.closeQuietly(stat);
    KernelFile.closeQuietly(swapLimit);
    KernelFile.closeQuietly(swapUsage);
    KernelFile.closeQuietly(high);
  }
}
