package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.readings.ContainerReadings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OOM kills in the cgroups of a process, by the kernel's count (cgroups(7)). Read before the end of
 * the process: afterwards nothing tells the cgroup of the process.
 */
public final class OomKills {
  /** Version 2 of the cgroups, then version 1. */
  private static final List<String> FILES = List.of("memory.events", "memory.oom_control");

  private static final String FIELD = "oom_kill ";
  private static final long LOOK_MILLIS = 500;

  /** Kills in each cgroup, the process's own cgroup first. */
  private final Map<Path, Long> before = new LinkedHashMap<>();

  private OomKills() {}

  /** Reads the counts of a living process. Without readable cgroups, no kill is ever found. */
  public static OomKills of(long pid) {
    OomKills kills = new OomKills();
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      TimeLimit.within(LOOK_MILLIS, process, () -> ContainerReadings.groups(process)).stream()
          .map(Path::of)
          .forEach(group -> kills.before.put(group, count(group)));
    } catch (IOException notReadable) {
      return kills;
    }
    return kills;
  }

  /**
   * Returns the cgroup with a kill since the first look; null without a kill. The cgroup of an
   * ended container is gone, and the nearest cgroup above counts the kill.
   */
  public Path newIn() {
    for (Map.Entry<Path, Long> group : before.entrySet()) {
      long now = group.getValue() == Reading.UNKNOWN ? Reading.UNKNOWN : count(group.getKey());
      if (now != Reading.UNKNOWN) {
        return now > group.getValue() ? group.getKey() : null;
      }
    }
    return null;
  }

  private static long count(Path group) {
    for (String file : FILES) {
      try {
        byte[] text = ForeignFiles.here().read(group.resolve(file), ForeignFiles.TEXT);
        return new String(text, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> line.matches(FIELD + "\\d{1,18}"))
            .mapToLong(line -> Long.parseLong(line.substring(FIELD.length())))
            .findFirst()
            .orElse(Reading.UNKNOWN);
      } catch (IOException missing) {
        continue;
      }
    }
    return Reading.UNKNOWN;
  }
}
