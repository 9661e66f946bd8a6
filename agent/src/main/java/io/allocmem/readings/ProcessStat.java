package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;

/**
 * Figures of {@code /proc/self/stat}, proc(5). The file begins with the name of the process in
 * parentheses; the name may contain any byte, so the figures are counted from the last closing
 * parenthesis. Reading allocates nothing. One thread.
 */
final class ProcessStat implements KernelLines, Closeable {
  /** Major faults; the state of the process is number 0. */
  private static final int MAJOR_FAULTS = 9;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  /** Milliseconds of a clock tick: USER_HZ is 100 on all machines of Linux that run HotSpot. */
  private static final long TICK_MILLIS = 10;

  private static final long READ_NANOS = 1_000_000_000;

  private final KernelFile file;
  private long majorFaults;
  private long ticks;

  ProcessStat(KernelFile file) {
    this.file = file;
  }

  /** Reads the file. */
  void read() {
    majorFaults = Reading.UNKNOWN;
    ticks = Reading.UNKNOWN;
    if (file != null) {
      file.each(this, KernelFile.PIECE, READ_NANOS);
    }
  }

  @Override
  public void line(int start) {
    int at = start;
    for (int end = start; file.at(end) != '\n'; end++) {
      at = file.at(end) == ')' ? end + 2 : at;
    }
    ticks = 0;
    for (int word = 0; word <= SYSTEM_TICKS; word++) {
      long number = 0;
      for (; file.at(at) != ' ' && file.at(at) != '\n'; at++) {
        number = number * 10 + file.at(at) - '0';
      }
      majorFaults = word == MAJOR_FAULTS ? number : majorFaults;
      ticks += word == USER_TICKS || word == SYSTEM_TICKS ? number : 0;
      at += file.at(at) == ' ' ? 1 : 0;
    }
  }

  /** Returns the CPU time of the process in milliseconds, as of the last {@link #read}. */
  long cpuMillis() {
    return Figure.times(ticks, TICK_MILLIS);
  }

  /** Returns the page faults that waited for a disk, as of the last {@link #read}. */
  long majorFaults() {
    return majorFaults;
  }

  @Override
  public void close() {
    KernelFile.closeQuietly(file);
  }
}
