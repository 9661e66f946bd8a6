package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.plan.ByteSize;

/** Bytes for people: exact where they are whole MiB, else with one decimal; a dash for unknown. */
public final class Sizes {
  private static final double MIB = 1L << 20;

  private Sizes() {}

  /** So many bytes, or a dash for {@link Reading#UNKNOWN} and what else is no amount. */
  public static String of(long bytes) {
    if (bytes < 0) {
      return "-";
    }
    return bytes % (1L << 20) == 0
        ? ByteSize.ofBytes(bytes).toHuman()
        : String.format(java.util.Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  /** The process's RSS as the kernel says it now; as the plan said it where there is no /proc. */
  public static long rss(long pid, Status status) {
    return new LinuxProcess(pid).rss().orElse(status.get(Reading.RSS));
  }

  /** The same of {@link #rss}. */
  public static String ofRss(long pid, Status status) {
    return of(rss(pid, status));
  }
}
