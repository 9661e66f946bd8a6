package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.plan.ByteSize;

/** Formats bytes for people: whole MiB exactly, else one decimal; a dash for unknown. */
public final class Sizes {
  private static final double MIB = 1L << 20;

  private Sizes() {}

  /** Returns the formatted bytes; a dash for {@link Reading#UNKNOWN} and any negative value. */
  public static String of(long bytes) {
    if (bytes < 0) {
      return "-";
    }
    return bytes % (1L << 20) == 0
        ? ByteSize.ofBytes(bytes).toHuman()
        : String.format(java.util.Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  /**
   * Returns the process's RSS from the kernel, now. Without {@code /proc}: the RSS in the plan's
   * status.
   */
  public static long rss(long pid, Status status) {
    return new LinuxProcess(pid).rss().orElse(status.get(Reading.RSS));
  }

  /** Returns the formatted value of {@link #rss}. */
  public static String ofRss(long pid, Status status) {
    return of(rss(pid, status));
  }
}
