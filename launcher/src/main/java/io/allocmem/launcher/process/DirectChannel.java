package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A regular file opened by this launcher. Reads and writes of a regular file never block. */
final class DirectChannel implements ForeignFiles.Channel {
  /** A launcher holds the lock for microseconds, unless the launcher is stopped. */
  private static final long LOCK_MILLIS = 1000;

  private static final long POLL_MILLIS = 5;

  /**
   * A file lock excludes other processes only. Within this process, Java refuses a second lock on
   * the same file.
   */
  private static final Lock LOCKS = new ReentrantLock();

  private final Path path;
  private final FileChannel channel;

  DirectChannel(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public byte[] read(long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
      continue;
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Tests with a shared lock: two launchers that test at once do not see each other's lock. */
  @Override
  public boolean isLocked(long at) throws IOException {
    LOCKS.lock();
    try (FileLock lock = channel.tryLock(at, 1, true)) {
      return lock == null;
    } finally {
      LOCKS.unlock();
    }
  }

  @Override
  public boolean replace(ForeignFiles.Patch expected, ForeignFiles.Patch... by) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOCK_MILLIS);
    while (true) {
      LOCKS.lock();
      try (FileLock lock =
          channel.tryLock(expected.at(), Math.max(1, expected.bytes().length), false)) {
        if (lock != null) {
          return replaceNow(expected, by);
        }
      } finally {
        LOCKS.unlock();
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new ForeignFiles.LockedException(path + " is locked by another process");
      }
      pause();
    }
  }

  private boolean replaceNow(ForeignFiles.Patch expected, ForeignFiles.Patch... by)
      throws IOException {
    if (!Arrays.equals(expected.bytes(), read(expected.at(), expected.bytes().length))) {
      return false;
    }
    for (ForeignFiles.Patch patch : by) {
      channel.write(ByteBuffer.wrap(patch.bytes()), patch.at());
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
