package io.allocmem.status;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;

/**
 * The memory that a process can have before the kernel ends it: the limit of its cgroup, of version
 * 1 or 2 (cgroups(7)), whichever of its own and those above is the smallest; without one the
 * machine's. Read without allocating. One thread.
 *
 * <p>Used is what the kernel cannot take back at once: without the inactive page cache, as kubelet
 * ("working set") and {@code docker stats} count it.
 */
public final class ContainerReadings implements Closeable {
  private static final Path SELF = Paths.get("/proc/self");
  private static final byte[] AVAILABLE = KernelFile.name("MemAvailable");
  private static final byte[] INACTIVE_V2 = KernelFile.name("inactive_file");
  private static final byte[] INACTIVE_V1 = KernelFile.name("total_inactive_file");

  private final long machine;
  private final KernelFile meminfo;
  private KernelFile limit;
  private KernelFile usage;
  private KernelFile stat;
  private byte[] inactive;

  /** Of this process. */
  public ContainerReadings() {
    this(SELF);
  }

  /**
   * Of a process, as seen from this one.
   *
   * @param process its directory in {@code /proc}
   */
  public ContainerReadings(Path process) {
    meminfo = KernelFile.openOrNull("/proc/meminfo");
    machine = machineTotal();
    try {
      find(process);
    } catch (IOException | RuntimeException noCgroups) {
      closeGroup();
    }
  }

  private static long machineTotal() {
    try {
      for (String line : Files.readAllLines(Paths.get("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException noLinux) {
      return ProcessReadings.UNKNOWN;
    }
    return ProcessReadings.UNKNOWN;
  }

  private void find(Path process) throws IOException {
    List<String> mounts = Files.readAllLines(process.resolve("mountinfo"));
    for (String line : Files.readAllLines(process.resolve("cgroup"))) {
      String[] group = line.split(":", 3);
      boolean second = group[0].equals("0") && group[1].isEmpty();
      if (second || ("," + group[1] + ",").contains(",memory,")) {
        for (String mount : mounts) {
          findIn(rootOf(process), mount, group[2], second);
        }
      }
    }
  }

  /** Another process's mount points are where it has mounted them: a container has its own. */
  private static String rootOf(Path process) {
    return process.equals(SELF) ? "" : process.resolve("root").toString();
  }

  /** A line of mountinfo, see proc(5): root and mount point are its fourth and fifth words. */
  private void findIn(String top, String mount, String group, boolean second) throws IOException {
    String[] words = mount.split(" ");
    String type = mount.substring(mount.indexOf(" - ") + 3);
    boolean memory =
        second
            ? type.startsWith("cgroup2 ")
            : type.startsWith("cgroup ") && ("," + words(type) + ",").contains(",memory,");
    if (!memory) {
      return;
    }
    String root = words[3].equals("/") ? "" : words[3];
    String inside = group.startsWith(root) ? group.substring(root.length()) : "";
    for (String at = inside; ; at = at.substring(0, at.lastIndexOf('/'))) {
      takeIfSmaller(top + words[4] + (at.equals("/") ? "" : at), second);
      if (at.lastIndexOf('/') < 0) {
        return;
      }
    }
  }

  /** Its last word: the options of the file system, the controllers among them. */
  private static String words(String type) {
    return type.substring(type.lastIndexOf(' ') + 1);
  }

  private void takeIfSmaller(String directory, boolean second) throws IOException {
    String prefix = directory + "/memory.";
    KernelFile candidate = KernelFile.openOrNull(prefix + (second ? "max" : "limit_in_bytes"));
    if (candidate == null) {
      return;
    }
    long bytes = candidate.word(0);
    if (bytes == ProcessReadings.UNKNOWN || bytes >= capacity()) {
      candidate.close();
      return;
    }
    closeGroup();
    limit = candidate;
    usage = new KernelFile(prefix + (second ? "current" : "usage_in_bytes"));
    stat = new KernelFile(prefix + "stat");
    inactive = second ? INACTIVE_V2 : INACTIVE_V1;
  }

  /** Whether the limit is a container's, and not just the machine's end. */
  public boolean isLimited() {
    return limit != null;
  }

  /** The most that can be had, in bytes; a limit can change while we look. */
  public long capacity() {
    long bytes = limit == null ? machine : limit.word(0);
    return bytes == ProcessReadings.UNKNOWN ? machine : bytes;
  }

  /** What is used of it by everybody in it, in bytes. */
  public long used() {
    if (limit == null) {
      long available = meminfo == null ? -1 : meminfo.field(AVAILABLE);
      return available < 0 ? ProcessReadings.UNKNOWN : machine - (available << 10);
    }
    return Math.max(0, usage.word(0) - Math.max(0, stat.field(inactive)));
  }

  /** The same with all page cache: what mapped files take shows here. */
  public long usedWithCache() {
    return limit == null ? used() : usage.word(0);
  }

  private void closeGroup() {
    close(limit);
    close(usage);
    close(stat);
    limit = null;
  }

  private static void close(KernelFile file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException nothingWasWritten) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closeGroup();
    close(meminfo);
  }
}
