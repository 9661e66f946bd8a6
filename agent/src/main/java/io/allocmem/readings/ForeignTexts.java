package io.allocmem.readings;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads files in mounts of another process, for a launcher. Only the kernel's own files can be
 * trusted, and the process may have mounted anything. Each call is bounded in bytes and in time,
 * and follows no symbolic link. Agents never use this interface.
 */
public interface ForeignTexts {
  /**
   * Returns the content of a regular file.
   *
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  byte[] read(Path file) throws IOException;

  /** Returns whether the path is a directory. */
  boolean isDirectory(Path path);
}
