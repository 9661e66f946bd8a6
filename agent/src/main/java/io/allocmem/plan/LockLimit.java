package io.allocmem.plan;

import java.io.IOException;
import java.util.StringTokenizer;

/**
 * Memory that a process may lock further: RLIMIT_MEMLOCK without the locked memory. From the texts
 * of the kernel for the process, see proc(5).
 */
public final class LockLimit {
  /** Value without a limit. */
  public static final long NONE = Long.MAX_VALUE;

  /** Value if the kernel does not report the limit. */
  public static final long UNKNOWN = -1;

  private static final int MOST_BYTES = 1 << 16;
  private static final int KIB = 1024;

  /** Bit of CAP_IPC_LOCK, see capabilities(7). */
  private static final long MAY_LOCK_ALL = 1L << 14;

  /** Words of {@code uid_map} on the machine itself, outside of a user namespace. */
  private static final String[] ALL_USERS = {"0", "0", "4294967295"};

  private LockLimit() {}

  /** Returns the bytes that this process may lock further. */
  public static long ofThisProcess() {
    return of(text("limits"), text("status"), text("uid_map"));
  }

  private static String text(String file) {
    try {
      return KernelText.of("/proc/self/" + file, MOST_BYTES);
    } catch (IOException notHere) {
      return "";
    }
  }

  /**
   * Returns the bytes that a process may lock further; {@link #NONE} or {@link #UNKNOWN}. A
   * capability counts only outside of a user namespace.
   *
   * @param limits text of {@code /proc/PID/limits}
   * @param status text of {@code /proc/PID/status}
   * @param users text of {@code /proc/PID/uid_map}
   */
  public static long of(String limits, String status, String users) {
    String soft = wordAfter(limits, "Max locked memory");
    long locked = number(wordAfter(status, "VmLck:"), 10);
    boolean mayLockAll = (number(wordAfter(status, "CapEff:"), 16) & MAY_LOCK_ALL) != 0;
    if (soft.equals("unlimited") || mayLockAll && areAllUsers(users)) {
      return NONE;
    }
    long most = number(soft, 10);
    return soft.isEmpty() ? UNKNOWN : Math.max(0, most - locked * KIB);
  }

  private static boolean areAllUsers(String users) {
    StringTokenizer words = new StringTokenizer(users);
    boolean all = words.countTokens() == ALL_USERS.length;
    for (int i = 0; all && i < ALL_USERS.length; i++) {
      all = words.nextToken().equals(ALL_USERS[i]);
    }
    return all;
  }

  /** Returns the word after a name at the beginning of a line; empty without such a line. */
  private static String wordAfter(String text, String name) {
    int at = text.startsWith(name) ? 0 : text.indexOf("\n" + name) + 1;
    if (at == 0 && !text.startsWith(name)) {
      return "";
    }
    int end = text.indexOf('\n', at);
    String rest = text.substring(at + name.length(), end < 0 ? text.length() : end);
    StringTokenizer words = new StringTokenizer(rest);
    return words.hasMoreTokens() ? words.nextToken() : "";
  }

  private static long number(String word, int radix) {
    try {
      return word.isEmpty() ? 0 : Long.parseUnsignedLong(word, radix);
    } catch (NumberFormatException foreign) {
      return 0;
    }
  }
}
