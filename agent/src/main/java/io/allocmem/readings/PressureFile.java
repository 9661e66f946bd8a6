package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.util.List;

/**
 * Pressure stall information of memory: {@code memory.pressure} of the own cgroup of version 2,
 * else {@code /proc/pressure/memory} of the machine (psi.rst of the kernel). Reading allocates
 * nothing. One thread.
 */
final class PressureFile implements KernelLines, Closeable {
  private static final String MACHINE = "/proc/pressure/memory";
  private static final long READ_NANOS = 1_000_000_000;
  private static final byte[] SOME = KernelFile.name("some");
  private static final byte[] TOTAL = KernelFile.name("total=");

  private final KernelFile file;
  private long total;

  PressureFile(KernelFile file) {
    this.file = file;
  }

  /**
   * @param groups directories of the memory cgroups, own cgroup first
   */
  static PressureFile of(List<String> groups, byte[] buffer) {
    KernelFile own =
        groups.isEmpty() ? null : KernelFile.openOrNull(groups.get(0) + "/memory.pressure", buffer);
    return new PressureFile(own == null ? KernelFile.openOrNull(MACHINE, buffer) : own);
  }

  /**
   * Returns the time in which some thread waited for memory, in microseconds since the start of the
   * machine or of the cgroup.
   */
  long totalMicros() {
    total = Reading.UNKNOWN;
    if (file != null) {
      file.each(this, KernelFile.PIECE, READ_NANOS);
    }
    return total;
  }

  @Override
  public void line(int start) {
    if (!isAt(start, SOME)) {
      return;
    }
    for (int at = start; file.at(at) != '\n'; at++) {
      if (isAt(at, TOTAL)) {
        total = 0;
        for (int digit = at + TOTAL.length; file.at(digit) >= '0'; digit++) {
          total = total * 10 + file.at(digit) - '0';
        }
      }
    }
  }

  private boolean isAt(int start, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if (file.at(start + i) != word[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    KernelFile.closeQuietly(file);
  }
}
