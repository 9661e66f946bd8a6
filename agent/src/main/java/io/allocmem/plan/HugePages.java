package io.allocmem.plan;

import java.io.IOException;

/** Transparent huge pages for a process, as the kernel is configured at the moment. Immutable. */
public final class HugePages {
  private static final String DIRECTORY = "/sys/kernel/mm/transparent_hugepage";

  /** Line in the status of a process after prctl(2) with PR_SET_THP_DISABLE, since Linux 5.0. */
  private static final String DISABLED = "\nTHP_enabled:\t0\n";

  private static final int MOST_BYTES = 256;
  private static final int MOST_STATUS_BYTES = 1 << 16;
  private static final int MOST_DIGITS = 10;
  private static final int KIB = 1024;

  /** Largest size that is believed; aarch64 with pages of 64 KiB has 512 MiB. */
  private static final long LARGEST = 1L << 30;

  private final long size;
  private final String problem;

  private HugePages(long size, String problem) {
    this.size = size;
    this.problem = problem;
  }

  /** Reads the configuration for this process. */
  public static HugePages ofThisProcess() {
    return of(text("/proc/self/status", MOST_STATUS_BYTES));
  }

  /**
   * Reads the configuration for a process of this machine.
   *
   * @param status text of {@code /proc/PID/status}; empty if not known
   */
  public static HugePages of(String status) {
    return in(DIRECTORY, status);
  }

  /** Reads the configuration from a directory such as the kernel's. */
  static HugePages in(String directory, String status) {
    String number = text(directory + "/hpage_pmd_size", MOST_BYTES).trim();
    long size = Scan.isWhole(number, MOST_DIGITS) ? Long.parseLong(number) : 0;
    if (size < KIB || size > LARGEST || Long.bitCount(size) != 1) {
      return new HugePages(
          0, "the kernel reports no size of huge pages (" + directory + "/hpage_pmd_size)");
    }
    if (status.contains(DISABLED)) {
      return new HugePages(
          size,
          "transparent huge pages are off in this process (THP_enabled in /proc/PID/status): start"
              + " the JVM without PR_SET_THP_DISABLE");
    }
    return new HugePages(size, problemOf(directory, size));
  }

  /** Since Linux 6.8, each size has a file of its own, which may refer to the file for all. */
  private static String problemOf(String directory, long size) {
    String own = directory + "/hugepages-" + size / KIB + "kB/enabled";
    String word = chosen(text(own, MOST_BYTES));
    boolean inherited = word.isEmpty() || word.equals("inherit");
    String setting = inherited ? directory + "/enabled" : own;
    return chosen(text(setting, MOST_BYTES)).equals("never")
        ? "transparent huge pages are off on this machine: write madvise to " + setting + " as root"
        : null;
  }

  private static String text(String path, int most) {
    try {
      return KernelText.of(path, most);
    } catch (IOException notHere) {
      return "";
    }
  }

  /** Returns the word in brackets, as in {@code always [madvise] never}; empty for none. */
  private static String chosen(String words) {
    int from = words.indexOf('[');
    int to = words.indexOf(']', from);
    return from < 0 || to < 0 ? "" : words.substring(from + 1, to);
  }

  /** Returns the size of a huge page in bytes; zero if the kernel reports none. */
  public long size() {
    return size;
  }

  /** Returns the reason why a plan gets no huge pages, with a remedy; null if a plan can. */
  String problem() {
    return problem;
  }
}
