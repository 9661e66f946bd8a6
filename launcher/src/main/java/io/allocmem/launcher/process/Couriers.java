package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The couriers of this command, one for each user and group, each started when it is needed. */
public final class Couriers {
  /** A user may have many numbers: no command starts a process for each. */
  private static final int MOST = 16;

  private static final int MOST_THREADS = 10_000;
  private static final Pattern IDS =
      Pattern.compile("(?s)\nUid:\t\\d+\t(\\d+).*\nGid:\t\\d+\t(\\d+)");

  private static final Map<String, Slot> SLOTS = new HashMap<>();

  private Couriers() {}

  /** One user's and group's; the first who needs it starts it, and others wait for that alone. */
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
   * A courier of that JVM's user and group, where this process is root and may not trace it.
   *
   * @throws AccessDeniedException as given, when there is none
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

  /** Whether it is a JVM, this process is root, and no courier helps: it is not dumpable. */
  public static boolean isClosedToRoot(LinuxProcess process) {
    try {
      boolean root = LinuxProcess.self().uid() == 0;
      return root && isJvm(process.pid()) && !process.isTraceable();
    } catch (IOException ended) {
      return false;
    }
  }

  /** Cause and remedy, where a process is closed to us and to its own user. */
  public static Failure outOfReach(LinuxProcess process, String what) {
    return new Failure(
        "the files of %s %d (uid:gid %s) cannot be reached from here (uid:gid %s, no right to trace it); run allocmem as root with CAP_SYS_PTRACE, or inside its container"
            .formatted(what, process.pid(), ids(process), ids(LinuxProcess.self())));
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

  /** By a thread that each HotSpot has: names of threads are for all to see. */
  private static boolean isJvm(long pid) throws IOException {
    Path tasks = Path.of("/proc/" + pid + "/task");
    for (FileFacts thread : ForeignFiles.here().list(tasks, "", MOST_THREADS)) {
      if (text(tasks.resolve(thread.name()).resolve("comm")).strip().equals("VM Thread")) {
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
