package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.ForeignTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The memory that the container of a process can have, looked at once and in little time. Where our
 * own mounts do not show the group, those of the process are asked, which its user may have made.
 *
 * @param limited whether the limit is a container's, and not just the machine's end
 * @param capacity the most, in bytes; unknown when it cannot be read
 * @param problem why the limits cannot be read from here, null when they can
 */
public record Container(boolean limited, long capacity, long used, String problem) {
  /** All files together: a command is to end in two seconds. */
  private static final long LOOK_MILLIS = 1000;

  /** Where each file is a regular one, and its content the kernel's or a lie. */
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

  /** Looks at that process's container. */
  public static Container of(long pid) {
    try {
      return look(
          pid,
          found ->
              new Container(found.isLimited(), found.capacity(), found.used(), found.problem()));
    } catch (IOException late) {
      return new Container(false, Reading.UNKNOWN, Reading.UNKNOWN, "it does not answer");
    }
  }

  /**
   * What is found in the readings of that process's container.
   *
   * @throws IOException when they do not answer in time
   */
  static <T> T look(long pid, Function<ContainerReadings, T> find) throws IOException {
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
}
