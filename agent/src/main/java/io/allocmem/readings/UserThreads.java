package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.KernelText;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/**
 * Threads of this process's user in all visible processes. The attach thread counts once; later
 * readings add the threads that this process starts, and subtract threads that end.
 */
final class UserThreads extends Figure {
  private static final byte[] UID = KernelFile.name("Uid");
  private static final byte[] THREADS = KernelFile.name("Threads");
  private static final String CAPABILITIES = "\nCapEff:";

  /** Capabilities CAP_SYS_ADMIN and CAP_SYS_RESOURCE, see getrlimit(2). */
  private static final long EXEMPT = 1L << 21 | 1L << 24;

  private static final String[] ALL_USERS = {"0", "0", "4294967295"};

  /** Upper bound of both files, far above their size. */
  private static final int MOST_BYTES = 1 << 16;

  private final KernelFile status;
  private final long others;

  private UserThreads(KernelFile status, long others) {
    this.status = status;
    this.others = others;
  }

  /**
   * Counts the threads; returns unknown if counting is impossible.
   *
   * @param status status file of this process; null if the file cannot be read
   */
  static Figure of(Path proc, KernelFile status) {
    long user = status == null ? Reading.UNKNOWN : status.field(UID);
    long own = user < 0 ? Reading.UNKNOWN : status.field(THREADS);
    long all = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        all += threads(process, user);
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      own = Reading.UNKNOWN;
    }
    return own < 0 ? Figure.of(Reading.UNKNOWN) : new UserThreads(status, Math.max(0, all - own));
  }

  private static long threads(Path process, long user) {
    try (KernelFile file = new KernelFile(process.resolve("status").toString())) {
      return file.field(UID) == user ? Math.max(0, file.field(THREADS)) : 0;
    } catch (IOException ended) {
      return 0;
    }
  }

  /**
   * Returns whether RLIMIT_NPROC does not apply: to root, and to a process with CAP_SYS_ADMIN or
   * CAP_SYS_RESOURCE, on the machine itself and not in a user namespace.
   */
  static boolean isUnlimited(Path self) {
    try {
      String status = text(self.resolve("status"));
      boolean exempt = (capabilities(status) & EXEMPT) != 0;
      boolean root = status.contains("\nUid:\t0\t");
      StringTokenizer users = new StringTokenizer(text(self.resolve("uid_map")));
      boolean all = users.countTokens() == ALL_USERS.length;
      for (int i = 0; all && i < ALL_USERS.length; i++) {
        all = users.nextToken().equals(ALL_USERS[i]);
      }
      return all && (root || exempt);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Returns the effective capabilities in a status file; zero if the file has none. */
  private static long capabilities(String status) {
    int at = status.indexOf(CAPABILITIES);
    String rest = at < 0 ? "" : status.substring(at + CAPABILITIES.length());
    StringTokenizer words = new StringTokenizer(rest);
    return words.hasMoreTokens() ? Long.parseUnsignedLong(words.nextToken(), 16) : 0;
  }

  private static String text(Path file) throws IOException {
    return KernelText.of(file.toString(), MOST_BYTES);
  }

  @Override
  long read() {
    long own = status.field(THREADS);
    return own < 0 ? own : others + own;
  }
}
