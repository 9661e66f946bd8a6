package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.readings.ContainerReadings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  /** Limit and largest usage of a cgroup, version 2, then version 1. */
  private static final List<String> LIMITS = List.of("memory.max", "memory.limit_in_bytes");

  private static final List<String> PEAKS = List.of("memory.peak", "memory.max_usage_in_bytes");

  /** Upper bound of the kernel's score for the choice of a process to end (proc(5)). */
  private static final String MOST_SCORE = "1000";

  /** Version 1 writes about this number for no limit. */
  private static final long NO_LIMIT = 1L << 60;

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
   * Makes a process the first that the kernel ends when memory runs out: before the launcher, and
   * before larger processes of others. Without effect if the kernel does not allow the change.
   */
  public static void preferFor(long pid) {
    try {
      Files.writeString(Path.of("/proc/" + pid + "/oom_score_adj"), MOST_SCORE);
    } catch (IOException notAllowed) {
      return;
    }
  }

  /** Returns limit and largest usage of a cgroup, as a part of a sentence; empty if unknown. */
  public static String figures(Path group) {
    String limit =
        LIMITS.stream().map(file -> figure("limit ", group, file)).reduce("", String::concat);
    String peak =
        PEAKS.stream()
            .map(file -> figure(", largest usage ", group, file))
            .reduce("", String::concat);
    return limit.isEmpty() ? "" : ": " + limit + peak;
  }

  private static String figure(String name, Path group, String file) {
    try {
      byte[] text = ForeignFiles.here().read(group.resolve(file), ForeignFiles.TEXT);
      String number = new String(text, StandardCharsets.US_ASCII).strip();
      long bytes = number.matches("\\d{1,19}") ? Long.parseUnsignedLong(number) : NO_LIMIT;
      return bytes < 0 || bytes >= NO_LIMIT ? "" : name + Sizes.of(bytes);
    } catch (IOException missing) {
      return "";
    }
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
