package io.allocmem.launcher.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mounts of a process, read from {@code /proc/PID/mountinfo} (proc(5)). */
final class Mounts {
  /** Mount point and mount options: the fifth and the sixth word of a line. */
  private record Mount(String point, List<String> options) {
    boolean isAround(String path) {
      return point.equals("/") || path.equals(point) || path.startsWith(point + "/");
    }
  }

  private final List<Mount> mounts = new ArrayList<>();

  private Mounts() {}

  static Mounts in(String mountinfo) {
    Mounts all = new Mounts();
    for (String line : mountinfo.split("\n")) {
      String[] words = line.split(" ");
      if (words.length > 5) {
        all.mounts.add(new Mount(words[4], List.of(words[5].split(","))));
      }
    }
    return all;
  }

  /** Returns true if a noexec mount forbids to execute or load files under the path. */
  boolean isNoexec(Path path) {
    Mount innermost = new Mount("", List.of());
    for (Mount mount : mounts) {
      boolean closer = mount.point.length() >= innermost.point.length();
      innermost = closer && mount.isAround(path.toString()) ? mount : innermost;
    }
    return innermost.options.contains("noexec");
  }
}
