package io.allocmem.launcher.attach;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.process.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Lock: at most one launcher of a user attaches to a JVM at a time. The first SIGQUIT makes the JVM
 * listen. A second SIGQUIT before the JVM listens would make the JVM print its threads on stdout
 * (seen with JDK 11).
 *
 * <p>The lock covers the byte at the position of the pid, in a file that is never removed. A lock
 * file removed after use could be locked by two launchers.
 */
final class AttachLock implements Closeable {
  /**
   * Channel of all locks of this process; null without a directory for the lock file. Stays open: a
   * closed descriptor of the file would drop the locks of other attaches of this process, see
   * fcntl(2).
   */
  private static FileChannel channel;

  /** Null if this user has no directory for the lock file. */
  private final FileLock lock;

  /** True if another launcher had the lock: the state of the JVM may be another one by now. */
  final boolean waited;

  private AttachLock(FileLock lock, boolean waited) {
    this.lock = lock;
    this.waited = waited;
  }

  /**
   * Waits for the lock. The wait has a limit, since a stopped launcher could keep the lock.
   *
   * @throws Failure if the lock stays taken
   */
  static AttachLock of(long pid, int seconds) throws IOException {
    FileChannel file = channel();
    if (file == null) {
      return new AttachLock(null, false);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    FileLock lock = tryLock(file, pid);
    boolean waited = lock == null;
    while (lock == null && System.nanoTime() - deadline < 0) {
      PlanControl.pause();
      lock = tryLock(file, pid);
    }
    if (lock == null) {
      throw new Failure("another launcher attaches to " + pid + "; try again when it has ended");
    }
    return new AttachLock(lock, waited);
  }

  /** Returns null if another process, or another thread of this process, has the lock. */
  private static FileLock tryLock(FileChannel file, long pid) throws IOException {
    try {
      return file.tryLock(pid, 1, false);
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  /**
   * Returns null if the launcher's own {@code /tmp} is read-only or missing. The launcher can still
   * attach to a JVM with another {@code /tmp}.
   */
  private static synchronized FileChannel channel() {
    try {
      if (channel == null) {
        Path file = ControlDirectory.own().resolve(Leftovers.TURNS);
        channel =
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                ControlDirectory.ownerOnly("rw-------"));
      }
      return channel;
    } catch (IOException withoutTurns) {
      return null;
    }
  }

  /** Releases the lock, as the end of the process does. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.release();
    }
  }
}
