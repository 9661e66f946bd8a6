package io.allocmem.control;

import io.allocmem.plan.KernelText;
import java.io.IOException;

/**
 * Start time of a process, by the kernel. Pid and start time together identify a process for ever,
 * even if the pid is used again. Read by the attach thread and by launchers; never while a plan
 * runs.
 */
public final class StartTime {
  /**
   * Distance of two fields in /proc/PID/stat: field 3 is the state, field 22 the start time; see
   * proc(5).
   */
  private static final int FIELDS_FROM_STATE = 22 - 3;

  /** USER_HZ is 100 on all machines that have a JVM; see sysconf(3), proc(5). */
  private static final long TICK_NANOS = 10_000_000;

  private static final String OFFSETS = "/proc/self/timens_offsets";
  private static final String BOOT = "boottime ";

  /** Upper bound of both files, far above their size. */
  private static final int MOST_BYTES = 1 << 16;

  private StartTime() {}

  /**
   * Returns the boot time of this process's time namespace beyond the machine's, in nanoseconds;
   * see time_namespaces(7). Zero on a kernel without time namespaces.
   */
  public static long bootOffset() {
    try {
      return offsetIn(KernelText.of(OFFSETS, MOST_BYTES));
    } catch (IOException | RuntimeException notThere) {
      return 0;
    }
  }

  static long offsetIn(String offsets) {
    for (String line : offsets.split("\n")) {
      if (line.startsWith(BOOT)) {
        String numbers = line.substring(BOOT.length()).trim(); // seconds, then nanoseconds
        String seconds = numbers.substring(0, numbers.indexOf(' '));
        String nanos = numbers.substring(numbers.lastIndexOf(' ') + 1);
        return Long.parseLong(seconds) * 1_000_000_000 + Long.parseLong(nanos);
      }
    }
    return 0;
  }

  /**
   * Returns whether a plan or an armed agent belongs to a process. Agent and process report the
   * start time in different time namespaces. True if the start time of either is unknown.
   *
   * @param status status of the plan or of the armed agent
   * @param started start time of the process by {@link #of}, in this process's namespace
   */
  public static boolean isOf(FileHead status, long started) {
    return isSame(status.started, status.bootOffset, started, bootOffset());
  }

  /** Compares within a tick: an offset need not be a multiple of a tick. */
  static boolean isSame(long one, long offsetOfOne, long other, long offsetOfOther) {
    return one == Reading.UNKNOWN
        || other == Reading.UNKNOWN
        || Math.abs(one - other - (offsetOfOne - offsetOfOther) / TICK_NANOS) <= 1;
  }

  /**
   * Returns the start time in clock ticks since the machine's boot; {@link Reading#UNKNOWN} without
   * /proc.
   *
   * <p>The start time of a process is the start time of its first thread. User-mode emulation
   * (qemu-user) answers itself if a program reads /proc/PID/stat of the program's own process, with
   * a later start time than the kernel's. The file of the first thread comes from the kernel.
   *
   * @param process a pid, or {@code self}
   */
  public static long of(String process) {
    try {
      String pid = process.equals("self") ? ThisProcess.pid() : process;
      return in(KernelText.of("/proc/" + pid + "/task/" + pid + "/stat", MOST_BYTES));
    } catch (IOException notThere) {
      return Reading.UNKNOWN;
    }
  }

  /**
   * Returns the start time in a line of /proc/PID/stat. The program's name stands in parentheses,
   * and may hold any byte, also spaces and parentheses. Unknown if the text is no such line, for
   * example because the process ends.
   */
  public static long in(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    try {
      return Long.parseLong(fields[FIELDS_FROM_STATE].trim());
    } catch (IndexOutOfBoundsException | NumberFormatException noSuchLine) {
      return Reading.UNKNOWN;
    }
  }
}
