package io.allocmem.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * When a process started, by the kernel: with it a pid means one process for ever, not whoever has
 * that pid now. Read by the thread that brought the agent, and by launchers; never while a plan
 * runs.
 */
public final class StartTime {
  /** The state is field 3 of /proc/PID/stat, and the start time field 22; see proc(5). */
  private static final int FIELDS_FROM_STATE = 22 - 3;

  /** USER_HZ is 100 on all machines that have a JVM; see sysconf(3), proc(5). */
  private static final long TICK_NANOS = 10_000_000;

  private static final Path OFFSETS = Paths.get("/proc/self/timens_offsets");

  private StartTime() {}

  /**
   * What the boot time of this process's time namespace adds to the machine's, in nanoseconds; see
   * time_namespaces(7). Zero where there are no such namespaces.
   */
  public static long bootOffset() {
    try {
      return offsetIn(new String(Files.readAllBytes(OFFSETS), StandardCharsets.US_ASCII));
    } catch (IOException | RuntimeException notThere) {
      return 0;
    }
  }

  static long offsetIn(String offsets) {
    for (String line : offsets.split("\n")) {
      String[] words = line.trim().split("\\s+");
      if (words.length == 3 && words[0].equals("boottime")) {
        return Long.parseLong(words[1]) * 1_000_000_000 + Long.parseLong(words[2]);
      }
    }
    return 0;
  }

  /**
   * Whether a plan is that of a process, though each of them says its start in a time namespace of
   * its own. True where one of them does not say it.
   *
   * @param status what the plan says
   * @param started when the process started, as {@link #of} says it in this process's namespace
   */
  public static boolean isOf(Status status, long started) {
    return isSame(status.started, status.bootOffset, started, bootOffset());
  }

  /** Within a tick: an offset need not be whole ticks. */
  static boolean isSame(long one, long offsetOfOne, long other, long offsetOfOther) {
    return one == Reading.UNKNOWN
        || other == Reading.UNKNOWN
        || Math.abs(one - other - (offsetOfOne - offsetOfOther) / TICK_NANOS) <= 1;
  }

  /**
   * Clock ticks from the machine's boot; {@link Reading#UNKNOWN} where there is no /proc.
   *
   * @param process a pid, or {@code self}
   */
  public static long of(String process) {
    Path stat = Paths.get("/proc", process, "stat");
    try {
      return in(new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1));
    } catch (IOException notThere) {
      return Reading.UNKNOWN;
    }
  }

  /**
   * The program's name stands in parentheses, and may hold any byte: spaces, parentheses. Unknown
   * where the text is no such line, as that of a process that ends may be.
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
