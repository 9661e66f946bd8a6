package io.allocmem.control;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Checks whether a plan still uses a control file that blocks the name of a new file. The lock
 * alone is no proof: a plan loses the lock when any code in its process opens and closes the file.
 * Called by the attach thread.
 */
final class Leftover {
  /**
   * Waiting time for a heartbeat, if the file is fresh: a living plan writes several times within
   * this time.
   */
  private static final long HEARTBEATS_MILLIS = 600;

  /** Age limit of a fresh file: an older file belongs to no living plan with this pid. */
  private static final long FRESH_MILLIS = 5_000;

  private Leftover() {}

  static boolean isInUse(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      return isOwn(read(file)) || isLocked(file) || isBeating(file);
    }
  }

  /**
   * Returns whether a plan holds the lock. The check takes a shared lock: a launcher that makes the
   * same check at this moment is no plan.
   */
  private static boolean isLocked(RandomAccessFile file) throws IOException {
    try (FileLock lock = file.getChannel().tryLock(ControlLayout.LOCK, 1, true)) {
      return lock == null;
    }
  }

  /** Returns whether the plan belongs to this very process, by the start time. */
  private static boolean isOwn(Status status) {
    long start = StartTime.of("self");
    return status != null
        && !status.phase.isOver()
        && start != Reading.UNKNOWN
        && status.started == start;
  }

  /**
   * Returns whether the heartbeat moves: a process in another pid namespace with the same directory
   * may have this pid.
   */
  private static boolean isBeating(RandomAccessFile file) throws IOException {
    Status before = read(file);
    long now = System.currentTimeMillis();
    if (before == null || Math.abs(now - before.heartbeatMillis) > FRESH_MILLIS) {
      return false;
    }
    LockSupport.parkNanos(HEARTBEATS_MILLIS * 1_000_000);
    Status after = read(file);
    return after != null && after.heartbeatMillis != before.heartbeatMillis;
  }

  /** Reads the record; null if the file has no valid record. */
  private static Status read(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[ControlLayout.LOCK];
    file.seek(0);
    return file.read(bytes) < bytes.length ? null : ControlLayout.read(bytes);
  }
}
