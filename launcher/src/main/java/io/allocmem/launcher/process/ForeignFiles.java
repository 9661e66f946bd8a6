package io.allocmem.launcher.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files of foreign processes and users. The launcher reads foreign files only through this
 * interface.
 *
 * <p>The owner of a foreign file may turn the file into a FIFO, a symbolic link or an endless file
 * at any moment. Therefore each call limits bytes and time, opens only regular files and
 * directories, and follows no symbolic link in any part of a path. Exceptions are the kernel's own
 * links at the start of a path: {@code /proc/PID/root}, {@code /proc/PID/cwd} and {@code
 * /proc/PID/fd/N}.
 *
 * <p>An implementation only reads and writes; the caller makes all decisions.
 */
public interface ForeignFiles {
  /** Maximum bytes of a text written by a person or by the kernel. */
  int TEXT = 64 << 10;

  /**
   * Returns access to the files of that process and to files below the process's root directory.
   */
  static ForeignFiles of(long pid) {
    return new LentFiles(pid);
  }

  /** Returns access to files in the launcher's own root directory. */
  static ForeignFiles here() {
    return DirectFiles.INSTANCE;
  }

  /**
   * Reads a regular file from the beginning, at most {@code most} bytes.
   *
   * @throws IOException if the file is not regular, not readable or does not answer in time
   */
  byte[] read(Path file, int most) throws IOException;

  /**
   * Returns the first line that contains {@code part}, with one character per byte; empty if none.
   *
   * @param part ASCII characters
   * @throws LateException if time runs out or the file is too long to search
   */
  String line(Path file, String part) throws IOException;

  /** Returns the text of a symbolic link without following the link. */
  String link(Path link) throws IOException;

  /**
   * Returns the attributes of the file. Below {@code /proc/PID/fd}: attributes of the open file.
   *
   * @throws IOException if the file does not exist or does not answer in time
   */
  FileFacts facts(Path file) throws IOException;

  /**
   * Returns at most {@code most} entries of a directory, in no order. The result has only names
   * with the given prefix, made of letters, digits and {@code . _ -}.
   */
  List<FileFacts> list(Path directory, String prefix, int most) throws IOException;

  /** Returns at most {@code most} names that {@link #list} returns, without the attributes. */
  List<String> names(Path directory, int most) throws IOException;

  /** Opens a regular file for reading and writing, if the path still leads to {@code same}. */
  Channel open(Path file, FileFacts same) throws IOException;

  /**
   * Creates a regular file that only this user may read.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists, even as a symbolic link
   */
  FileFacts create(Path file, byte[] content) throws IOException;

  /**
   * Returns true if this user can create files in the directory.
   *
   * @throws java.nio.file.AccessDeniedException if this user may not look
   */
  boolean isWritable(Path directory) throws IOException;

  /** Removes a file, if the path still leads to {@code same}. */
  void delete(Path file, FileFacts same) throws IOException;

  /**
   * Puts an empty file of this user in the place of a file, if the path still leads to {@code
   * same}. The name is free at no moment, and a process that has opened the file keeps the file.
   */
  void replaceByEmpty(Path file, FileFacts same) throws IOException;

  /** An open file. The channel keeps to this file when the name is removed or reused. */
  interface Channel extends Closeable {
    /** Reads bytes from a position; fewer bytes at the end of the file. */
    byte[] read(long at, int count) throws IOException;

    /** Returns true if another process holds a lock on that byte (fcntl(2)). */
    boolean isLocked(long at) throws IOException;

    /**
     * Locks the range of {@code expected} and writes all patches, if the file still has the
     * expected bytes.
     *
     * @return false if the file has different bytes by now
     * @throws LockedException if the lock is not free in time
     */
    boolean replace(Patch expected, Patch... by) throws IOException;
  }

  /** Bytes at a position of a file. */
  record Patch(long at, byte[] bytes) {}

  /** A file, or the process behind the file, did not answer within the time limit of a command. */
  final class LateException extends IOException {
    private static final long serialVersionUID = 1;

    LateException(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** Another process held a lock for longer than the time limit of a command. */
  final class LockedException extends IOException {
    private static final long serialVersionUID = 1;

    /** Takes a sentence with the name of the file. */
    public LockedException(String sentence) {
      super(sentence);
    }
  }
}
