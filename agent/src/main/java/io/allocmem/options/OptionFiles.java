package io.allocmem.options;

import java.io.IOException;

/** Files named in options of a JVM: {@code @argfiles} and files of flags. */
public interface OptionFiles {
  /**
   * Reads a file.
   *
   * @param path path in the option: absolute, or relative to the JVM's working directory
   * @throws IOException if the file cannot be read completely
   */
  byte[] read(String path) throws IOException;
}
