package io.allocmem.options;

import java.io.IOException;

/** The files that options of a JVM name: {@code @argfiles} and files of flags. */
public interface OptionFiles {
  /**
   * Reads a file.
   *
   * @param path as the option has it: absolute, or relative to the JVM's working directory
   * @throws IOException when the file cannot be read to its end
   */
  byte[] read(String path) throws IOException;
}
