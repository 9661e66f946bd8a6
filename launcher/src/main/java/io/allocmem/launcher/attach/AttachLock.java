package io.allocmem.launcher.attach;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.process.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One launcher of a user attaches to a JVM at a time. The first SIGQUIT makes the JVM listen; one
 * more, sent before it does, would make it print its threads on its stdout (seen with JDK 11). A
 * lock on the byte of that pid in a file that stays, since a file that is removed after use could
 * be locked by two.
 */
final class AttachLock implements Closeable {
  /** Null where this user has no directory to take turns in. */
  private final FileChannel channel;

  private AttachLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the turn; so long at most, as another launcher that was stopped keeps it.
   *
   * @throws Failure when it does not come
   */
  static AttachLock of(long pid, int seconds) throws IOException {
    FileChannel channel = open();
    if (channel == null) {
      return new AttachLock(null);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    FileLock lock = channel.tryLock(pid, 1, false);
    while (lock == null && System.nanoTime() - deadline < 0) {
      PlanControl.pause();
      lock = channel.tryLock(pid, 1, false);
    }
    if (lock == null) {
      channel.close();
      throw new Failure("another launcher attaches to " + pid + "; try again when it has ended");
    }
    return new AttachLock(channel);
  }

  /** A launcher whose own /tmp is read-only or missing can still attach to who has another one. */
  private static FileChannel open() {
    try {
      Path file = ControlDirectory.own().resolve(Leftovers.TURNS);
      return FileChannel.open(
          file,
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
          ControlDirectory.ownerOnly("rw-------"));
    } catch (IOException withoutTurns) {
      return null;
    }
  }

  /** The turn goes with the file's last descriptor of this process, and with the process. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
