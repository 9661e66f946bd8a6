package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.ForeignTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Memory limit and usage of the container of a process, read within a time limit. If the launcher's
 * own mounts do not show the control group, the mounts of the process are read. The user of the
 * process may have made those mounts.
 *
 * @param isLimited true if a container sets the limit, false if only the machine's memory counts
 * @param capacity maximum in bytes; unknown if unreadable
 * @param high usage above which the kernel throttles ({@code memory.high}); unknown for none
 * @param problem reason why the limits cannot be read from here; null if readable
 */
public record Container(boolean isLimited, long capacity, long high, long used, String problem) {
  /** Time limit for all files together: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1000;

  /** Reads regular files only. Below foreign mounts the content may be forged. */
  private static final ForeignTexts FOREIGN =
      new ForeignTexts() {
        @Override
        public byte[] read(Path file) throws IOException {
          return ForeignFiles.here().read(file, ForeignFiles.TEXT);
        }

        @Override
        public boolean isDirectory(Path path) {
          try {
            return ForeignFiles.here().facts(path).isDirectory();
          } catch (IOException missing) {
            return false;
          }
        }
      };

  /** Reads the limits of the container of that process. */
  public static Container of(long pid) {
    try {
      return look(
          pid,
          found ->
              new Container(
                  found.isLimited(),
                  found.capacity(),
                  found.high(),
                  found.used(),
                  found.problem()));
    } catch (IOException late) {
      return new Container(
          false, Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, "it does not answer");
    }
  }

  private static <T> T look(long pid, Function<ContainerReadings, T> find) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    return TimeLimit.within(
        LOOK_MILLIS,
        process,
        () -> {
          try (ContainerReadings readings = new ContainerReadings(process, FOREIGN)) {
            return find.apply(readings);
          }
        });
  }

  /** Returns the free bytes; unknown if either figure is unknown. */
  public long free() {
    return free(capacity);
  }

  /**
   * Returns the bytes that can be allocated without throttling; unknown if there is no throttle.
   */
  public long freeBelowHigh() {
    return free(high);
  }

  /** Returns true if the kernel throttles at the capacity, and ends no process there. */
  public boolean isOnlyThrottled() {
    return high > 0 && high == capacity;
  }

  private long free(long limit) {
    return limit > 0 && used >= 0 ? Math.max(0, limit - used) : Reading.UNKNOWN;
  }

  /** Returns {@code the container} or, without a limit, {@code the machine}. */
  public String toHuman() {
    return isLimited ? "the container" : "the machine";
  }
}
