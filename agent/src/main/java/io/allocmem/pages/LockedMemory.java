package io.allocmem.pages;

import io.allocmem.plan.ByteSize;
import io.allocmem.plan.KernelText;
import java.io.IOException;

/**
 * Locked memory of this process, by mlock(2) or mlockall(2). The kernel refuses to release locked
 * pages (EINVAL of madvise(2)). Cassandra and Elasticsearch lock their memory at the start.
 */
final class LockedMemory {
  private static final String STATUS = "/proc/self/status";
  private static final String FIELD = "\nVmLck:";
  private static final int KIB = 1024;

  /** Upper bound of the file, far above its size. */
  private static final int MOST_BYTES = 1 << 16;

  private LockedMemory() {}

  /** Returns the locked bytes; zero if none, or if the kernel does not report the value. */
  static long bytes() {
    try {
      String status = KernelText.of(STATUS, MOST_BYTES);
      int at = status.indexOf(FIELD);
      int end = status.indexOf(" kB", at);
      return at < 0 ? 0 : Long.parseLong(status.substring(at + FIELD.length(), end).trim()) * KIB;
    } catch (IOException | RuntimeException noProc) {
      return 0;
    }
  }

  /** Returns the reason why pages cannot be released, as a part of a sentence. */
  static String reason(long bytes) {
    return "this JVM has locked its memory ("
        + ByteSize.ofBytes(bytes).toHuman()
        + ", mlockall), and the kernel keeps locked pages";
  }
}
