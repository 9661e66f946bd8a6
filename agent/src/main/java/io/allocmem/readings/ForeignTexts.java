package io.allocmem.readings;

import java.io.IOException;
import java.nio.file.Path;

/**
 * How a launcher reads what another process has mounted: nobody but the kernel vouches for those
 * files. Each call is bounded in bytes and in time, and follows no link. No agent has one.
 */
public interface ForeignTexts {
  /**
   * The whole of a regular file.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  byte[] read(Path file) throws IOException;

  /** Whether there is a directory. */
  boolean isDirectory(Path path);
}
