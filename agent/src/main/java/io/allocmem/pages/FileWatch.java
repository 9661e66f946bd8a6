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

  /** No descriptor. */
  private static final long NONE = -1;

  /** Result of a wait: more than the content has changed, such as the number of names. */
  private static final long CHANGED = 2;

  /** Descriptor; {@link #NONE} for none. */
  private long watch;

  private final File file;

  private FileWatch(File file, long watch) {
    this.file = file;
    this.watch = watch;
  }

  /** Returns a watch for the file. Never fails. Load the page library before. */
  public static FileWatch of(Path file) {
    try {
      close(NONE); // links the call while the heap has room
      byte[] name = file.toString().getBytes(Charsets.UTF_8);
      return new FileWatch(file.toFile(), open(name));
    } catch (UnsatisfiedLinkError noLibrary) {
      return new FileWatch(file.toFile(), NONE);
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
    long events = watch < 0 ? NONE : await(watch, LONGEST_WAIT_MILLIS);
    if (events == CHANGED && isGone()) {
      close();
    } else if (events < 0) {
      watch = NONE; // closed by other code of the JVM
      LockSupport.parkNanos(this, SLEEP_NANOS);
      Thread.interrupted(); // after an interrupt by the application, park would not wait
    }
    return events > 0;
  }

  private boolean isGone() {
    try {
      return !file.exists();
    } catch (OutOfMemoryError full) {
      return true; // a sleep instead of a wait does no harm
    }
  }

  @Override
  public void close() {
    if (watch >= 0) {
      close(watch);
      watch = NONE;
    }
  }
}
