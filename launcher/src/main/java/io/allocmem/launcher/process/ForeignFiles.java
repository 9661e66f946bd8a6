package io.allocmem.launcher.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of other processes and of other users: the only way by which this launcher looks at
 * them. Whoever owns such a file may make it a FIFO, a link or endless, at any moment. So each call
 * is bounded in bytes and in time, opens regular files and directories only, and follows no link in
 * any part of a path. The exceptions are the kernel's own links {@code /proc/PID/root}, {@code
 * /proc/PID/cwd} and {@code /proc/PID/fd/N}, which begin a path. All decisions are the caller's: an
 * implementation only reads and writes.
 */
public interface ForeignFiles {
  /** The most bytes of a text that a person or the kernel writes. */
  int TEXT = 64 << 10;

  /** The way to the files of that process and to those below its root directory. */
  static ForeignFiles of(long pid) {
    return new LentFiles(pid);
  }

  /** The way to files in this launcher's own root directory. */
  static ForeignFiles here() {
    return DirectFiles.INSTANCE;
  }

  /**
   * Reads a regular file from its beginning: at most so many bytes, the rest is left out.
   *
   * @throws IOException when the file is not regular, cannot be read or does not answer in time
   */
  byte[] read(Path file, int most) throws IOException;

  /**
   * Returns the first line with that part, a character for each byte; empty when there is none.
   *
   * @param part ASCII characters
   * @throws LateException also when the file has more lines than could be looked at
   */
  String line(Path file, String part) throws IOException;

  /** Returns the text of a symbolic link, which is not followed. */
  String link(Path link) throws IOException;

  /**
   * Looks at the file itself; below {@code /proc/PID/fd} at the file that is open.
   *
   * @throws IOException when there is none, or does not answer in time
   */
  FileFacts facts(Path file) throws IOException;

  /**
   * Looks at what lies in a directory, at most so many, in no order: what begins with that prefix
   * and has a name of letters, digits and {@code . _ -}.
   */
  List<FileFacts> list(Path directory, String prefix, int most) throws IOException;

  /** Opens a regular file, which is still the same, for reading and writing. */
  Channel open(Path file, FileFacts same) throws IOException;

  /**
   * Makes a regular file of this user's, that no other may read.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is anything of that name, a link
   *     too
   */
  FileFacts create(Path file, byte[] content) throws IOException;

  /**
   * Whether files can be made in a directory by this user.
   *
   * @throws java.nio.file.AccessDeniedException when this user may not look
   */
  boolean isWritable(Path directory) throws IOException;

  /** Removes a file that is still the same. */
  void delete(Path file, FileFacts same) throws IOException;

  /** A file that is open: stays the same file, whatever becomes of its name. */
  interface Channel extends Closeable {
    /** Reads at that place: fewer bytes where the file ends. */
    byte[] read(long at, int count) throws IOException;

    /** Whether another process keeps a lock on that byte (fcntl(2)). */
    boolean isLocked(long at) throws IOException;

    /**
     * Under a lock of the expected bytes: writes all, if these bytes are still there.
     *
     * @return false when others are there by now
     * @throws LockedException when the lock cannot be had in time
     */
    boolean replace(Patch expected, Patch... by) throws IOException;
  }

  /** Bytes at a place of a file. */
  record Patch(long at, byte[] bytes) {}

  /** A file, or the process behind it, has not answered for as long as a command waits. */
  final class LateException extends IOException {
    private static final long serialVersionUID = 1;

    LateException(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** Another process keeps a lock for longer than a command waits. */
  final class LockedException extends IOException {
    private static final long serialVersionUID = 1;

    /** Says of which file. */
    public LockedException(String sentence) {
      super(sentence);
    }
  }
}
