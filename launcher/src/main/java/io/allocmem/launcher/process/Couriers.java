package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The couriers of this command: one for each pair of user and group, started on demand. */
public final class Couriers {
  /** Limit of couriers: a user may own many uids, but no command starts a process for each uid. */
  private static final int MOST = 16;

  private static final int MOST_THREADS = 10_000;
  private static final Pattern IDS =
      Pattern.compile("(?s)\nUid:\t\\d+\t(\\d+).*\nGid:\t\\d+\t(\\d+)");

  private static final Map<String, Slot> SLOTS = new HashMap<>();

  private Couriers() {}

  /**
   * Courier of one user and group. The first caller starts the courier. Later callers wait only for
   * this courier.
   */
  private static final class Slot {
    private Courier courier;
    private Failure failure;

    synchronized Courier get(LinuxProcess target) {
      if (courier == null && failure == null) {
        try {
          courier = Courier.beside(target);
        } catch (Failure e) {
          failure = e;
        }
      }
      return courier;
    }
  }

  /**
   * Returns a courier for the user and group of that JVM. A courier exists only if this process is
   * root and has no right to trace the JVM.
   *
   * @throws AccessDeniedException the given exception, if no courier is possible
   */
  public static Courier of(long pid, AccessDeniedException refused) throws IOException {
    Matcher ids = IDS.matcher(text(Path.of("/proc/" + pid + "/status")));
    LinuxProcess self = LinuxProcess.self();
    boolean other = ids.find() && !ids.group(1).equals("0") && self.uid() == 0;
    if (!other || !isJvm(pid)) {
      throw refused;
    }
    Courier courier = slot(ids.group(1) + ":" + ids.group(2), refused).get(new LinuxProcess(pid));
    if (courier == null) {
      throw refused;
    }
    return courier;
  }

  /**
   * Returns true for a JVM that stays closed to root even with a courier: the JVM is not dumpable.
   */
  public static boolean isClosedToRoot(LinuxProcess process) {
    try {
      boolean root = LinuxProcess.self().uid() == 0;
      return root && isJvm(process.pid()) && !process.isTraceable();
    } catch (IOException ended) {
      return false;
    }
  }

  /**
   * Returns the error for a process that is closed to the launcher and to the process's own user.
   */
  public static Failure outOfReach(LinuxProcess process, String what) {
    return new Failure(
        "the files of %s %d (uid:gid %s) cannot be reached from here (uid:gid %s, no right to trace it); %s"
            .formatted(
                what,
                process.pid(),
                ids(process),
                ids(LinuxProcess.self()),
                Remedy.toReach(process)));
  }

  private static String ids(LinuxProcess process) {
    return Integer.toUnsignedString(process.uid()) + ":" + Integer.toUnsignedString(process.gid());
  }

  private static Slot slot(String ids, AccessDeniedException refused) throws IOException {
    synchronized (SLOTS) {
      if (!SLOTS.containsKey(ids) && SLOTS.size() == MOST) {
        throw refused;
      }
      return SLOTS.computeIfAbsent(ids, key -> new Slot());
    }
  }

  /** Looks for a thread of every HotSpot JVM: all users may read thread names. */
  static boolean isJvm(long pid) throws IOException {
    Path tasks = Path.of("/proc/" + pid + "/task");
    for (String thread : ForeignFiles.here().names(tasks, MOST_THREADS)) {
      if (text(tasks.resolve(thread).resolve("comm")).strip().equals("VM Thread")) {
        return true;
      }
    }
    return false;
  }

  private static String text(Path file) {
    try {
      byte[] bytes = ForeignFiles.here().read(file, ForeignFiles.TEXT);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }
}
