package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;

/**
 * Time in which CPU limits stopped the processes of the container, in sum over processors: {@code
 * cpu.stat} of the own cgroup and of all ancestors, version 1 or 2 (sched-bwc.rst and cgroup-v2.rst
 * of the kernel). Reading allocates nothing. One thread.
 */
final class ThrottledTime implements Closeable {
  private static final byte[] NANOS_V1 = KernelFile.name("throttled_time");
  private static final byte[] MICROS_V2 = KernelFile.name("throttled_usec");
  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final long MICROS_OF_MILLI = 1000;
  private static final KernelFile[] NONE = {};

  private final KernelFile[] files;
  private final boolean second;

  private ThrottledTime(KernelFile[] files, boolean second) {
    this.files = files;
    this.second = second;
  }

  /**
   * @param groups directories of the cgroups
   * @param second true if the cgroups are of version 2
   */
  static ThrottledTime of(List<String> groups, boolean second, byte[] buffer) {
    List<KernelFile> found = new ArrayList<>();
    for (String directory : groups) {
      KernelFile file = KernelFile.openOrNull(directory + "/cpu.stat", buffer);
      if (file != null) {
        found.add(file);
      }
    }
    return new ThrottledTime(found.toArray(NONE), second);
  }

  /** Returns the time in milliseconds; unknown without a file. */
  long millis() {
    long sum = Reading.UNKNOWN;
    for (KernelFile file : files) {
      long units = file.field(second ? MICROS_V2 : NANOS_V1);
      if (units >= 0) {
        sum = Math.max(0, sum) + units / (second ? MICROS_OF_MILLI : NANOS_OF_MILLI);
      }
    }
    return sum;
  }

  @Override
  public void close() {
    for (KernelFile file : files) {
      KernelFile.closeQuietly(file);
    }
  }
}
