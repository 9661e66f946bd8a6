package io.allocmem.launcher.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processors that a process may run on, by its CPU affinity. */
public final class Processors {
  /** Maximum bytes of {@code /proc/PID/status}. */
  private static final int MOST = 1 << 16;

  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

  private Processors() {}

  /**
   * Returns the number of processors; -1 if not known. A CPU quota of a container, which a JVM
   * counts as well, is not included.
   */
  public static int of(long pid) {
    Matcher allowed = ALLOWED.matcher(new LinuxProcess(pid).read("status", MOST));
    return allowed.find() ? count(allowed.group(1)) : -1;
  }

  /** Counts the numbers in a list such as {@code 0-3,8}. */
  static int count(String list) {
    int sum = 0;
    for (String part : list.split(",")) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        return -1;
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      sum += Math.max(0, last - first + 1);
    }
    return sum;
  }
}
