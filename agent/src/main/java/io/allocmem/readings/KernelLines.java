package io.allocmem.readings;

/** Taker of the lines of a {@link KernelFile}. */
interface KernelLines {
  /**
   * Takes a line.
   *
   * @param start position of the line in the file's buffer
   */
  void line(int start);
}
