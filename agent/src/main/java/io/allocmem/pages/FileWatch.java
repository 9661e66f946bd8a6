package io.allocmem.pages;

import io.allocmem.plan.Charsets;
import java.io.Closeable;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Wait for a write to a file, by inotify(7) through the page library. Without the library, without
 * a further inotify instance of this user (fs.inotify.max_user_instances), or after the file has
 * lost its name, a wait is a short sleep: the caller looks at the file then. One thread. A wait
 * allocates nothing, takes no lock, and lets collections go on.
 *
 * <p>At its end, a JVM waits 0.3 s for a thread in native code. The end of the JVM removes the file
 * before ({@code deleteOnExit}), and so ends the wait.
 */
public final class FileWatch implements Closeable {
  /** Maximum length of a wait: a file system may report no events, and a thread must end. */
  private static final long LONGEST_WAIT_MILLIS = 1000;

  /** Sleep between two looks: a look of a cold thread takes 0.1 ms of processor time. */
  private static final long SLEEP_NANOS = 250_000_000;

  /** Descriptor; negative for none. */
  private long watch;

  private final File file;

  private FileWatch(File file, long watch) {
    this.file = file;
    this.watch = watch;
  }

  /** Returns a watch for the file. Never fails. Load the page library before. */
  public static FileWatch of(Path file) {
    try {
      return new FileWatch(file.toFile(), open(file.toString().getBytes(Charsets.UTF_8)));
    } catch (UnsatisfiedLinkError noLibrary) {
      return new FileWatch(file.toFile(), -1);
    }
  }

  private static native long open(byte[] path);

  private static native long await(long watch, long millis);

  private static native long close(long watch);

  /** Returns whether a write ends a wait at once. */
  boolean hasEvents() {
    return watch >= 0;
  }

  /** Returns true after a write to the file, and false some time later without a write. */
  public boolean await() {
    long events = watch < 0 ? -1 : await(watch, LONGEST_WAIT_MILLIS);
    if (events > 0 && !file.exists()) {
      close();
    }
    if (events < 0) {
      LockSupport.parkNanos(this, SLEEP_NANOS);
      Thread.interrupted(); // after an interrupt by the application, park would not wait
    }
    return events > 0;
  }

  @Override
  public void close() {
    if (watch >= 0) {
      close(watch);
      watch = -1;
    }
  }
}
