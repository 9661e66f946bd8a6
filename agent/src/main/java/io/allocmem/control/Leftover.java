package io.allocmem.control;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a plan still uses a control file that stands in the way of a new one. Its lock alone does
 * not tell: a plan loses the lock when anything in its process opens and closes the file. Asked by
 * the thread that brings an agent.
 */
final class Leftover {
  /** A plan that lives writes several times in it; it is waited for where the file is fresh. */
  private static final long HEARTBEATS_MILLIS = 600;

  /** A file that was written to so long ago is nobody's who has this pid. */
  private static final long FRESH_MILLIS = 5_000;

  private Leftover() {}

  static boolean isInUse(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      return isOwn(read(file)) || isLocked(file) || isBeating(file);
    }
  }

  /** Shared: a launcher that asks at this moment whether its plan lives is no plan. */
  private static boolean isLocked(RandomAccessFile file) throws IOException {
    try (FileLock lock = file.getChannel().tryLock(ControlLayout.LOCK, 1, true)) {
      return lock == null;
    }
  }

  /** Whether it is a plan of this very process, by its start. */
  private static boolean isOwn(Status status) {
    long start = StartTime.of("self");
    return status != null
        && !status.phase.isOver()
        && start != Reading.UNKNOWN
        && status.started == start;
  }

  /** Whether its heartbeat moves: another pid namespace, with the same directory, has this pid. */
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

  /** Null when it is no record. */
  private static Status read(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[ControlLayout.LOCK];
    file.seek(0);
    return file.read(bytes) < bytes.length ? null : ControlLayout.read(bytes);
  }
}
