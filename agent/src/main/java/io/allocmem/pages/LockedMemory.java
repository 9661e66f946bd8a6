package io.allocmem.pages;

import io.allocmem.plan.ByteSize;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Locked memory of this process, by mlock(2) or mlockall(2). The kernel refuses to release locked
 * pages (EINVAL of madvise(2)). Cassandra and Elasticsearch lock their memory at the start.
 */
final class LockedMemory {
  private static final String STATUS = "/proc/self/status";
  private static final String FIELD = "VmLck:";
  private static final int KIB = 1024;

  private LockedMemory() {}

  /** Returns the locked bytes; zero if none, or if the kernel does not report the value. */
  static long bytes() {
    try (BufferedReader status =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(STATUS), StandardCharsets.ISO_8859_1))) {
      for (String line = status.readLine(); line != null; line = status.readLine()) {
        if (line.startsWith(FIELD)) {
          return Long.parseLong(line.substring(FIELD.length()).trim().split(" ")[0]) * KIB;
        }
      }
      return 0;
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
