package io.allocmem.status;

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

  private StartTime() {}

  /**
   * Clock ticks from the machine's boot; {@link ProcessReadings#UNKNOWN} where there is no /proc.
   *
   * @param process a pid, or {@code self}
   */
  public static long of(String process) {
    Path stat = Paths.get("/proc", process, "stat");
    try {
      return in(new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1));
    } catch (IOException notThere) {
      return ProcessReadings.UNKNOWN;
    }
  }

  /** The program's name stands in parentheses, and may hold any byte: spaces, parentheses. */
  static long in(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[FIELDS_FROM_STATE].trim());
  }
}
