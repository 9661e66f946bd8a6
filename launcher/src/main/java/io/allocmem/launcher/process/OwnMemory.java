package io.allocmem.launcher.process;

import io.allocmem.readings.SharedLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Memory of this launcher where the target's memory limit applies: in the target's container, or in
 * an ephemeral container of the same pod.
 */
public final class OwnMemory {
  /** Time limit for all files together: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1000;

  private OwnMemory() {}

  /** Returns a sentence if this process counts, or may count, against a limit of that JVM. */
  public static Optional<String> sentence(long pid) {
    LinuxProcess self = LinuxProcess.self();
    Optional<Long> rss = LinuxProcess.isSupported() ? self.rss() : Optional.empty();
    if (rss.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path own = Path.of("/proc", Long.toString(self.pid()));
      Path target = Path.of("/proc", Long.toString(pid));
      String counts =
          switch (TimeLimit.within(LOOK_MILLIS, target, () -> SharedLimit.of(target, own))) {
            case YES -> "counts";
            case MAYBE -> "may count";
            case NO -> null;
          };
      return Optional.ofNullable(counts)
          .map(
              verb ->
                  "allocmem itself %s against a memory limit of JVM %d: %s here, until it ends"
                      .formatted(verb, pid, Sizes.of(rss.get())));
    } catch (IOException late) {
      return Optional.empty();
    }
  }
}
