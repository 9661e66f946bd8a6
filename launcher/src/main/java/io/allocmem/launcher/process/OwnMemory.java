package io.allocmem.launcher.process;

import io.allocmem.status.ContainerReadings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this launcher itself takes where its target's memory ends: in the target's container, or in
 * an ephemeral one of the same pod.
 */
public final class OwnMemory {
  private OwnMemory() {}

  /** A sentence, when this process counts against a limit of that JVM, or may do so. */
  public static Optional<String> sentence(long pid) {
    LinuxProcess self = LinuxProcess.self();
    Optional<Long> rss = LinuxProcess.isSupported() ? self.rss() : Optional.empty();
    if (rss.isEmpty()) {
      return Optional.empty();
    }
    try (ContainerReadings container = new ContainerReadings(directory(pid))) {
      String counts =
          switch (container.limits(directory(self.pid()))) {
            case YES -> "counts";
            case MAYBE -> "may count";
            case NO -> null;
          };
      return Optional.ofNullable(counts)
          .map(
              verb ->
                  "allocmem itself %s against a memory limit of JVM %d: %s here, until it ends"
                      .formatted(verb, pid, Amounts.of(rss.get())));
    }
  }

  private static Path directory(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }
}
