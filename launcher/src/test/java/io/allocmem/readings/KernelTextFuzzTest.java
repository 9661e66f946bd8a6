package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.control.StartTime;
import io.allocmem.launcher.fixtures.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of the kernel about a process with chosen names, groups and mount points. */
class KernelTextFuzzTest {
  private static final String STAT =
      "4711 (a ) b (c) S 1 4711 4711 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 9 0 123456 1000 200 1";

  private static final String OFFSETS =
      "monotonic           0         0\nboottime       86400  5000\n";
  private static final String GROUPS = "12:memory:/a/b\n3:pids:/a\n0::/a/b\n";
  private static final String MEMORY =
      "MemTotal:  8796093022208 kB\nMemFree: 4 kB\nMemAvailable:  4 kB\n";

  @TempDir Path directory;

  @Test
  void startTimesAreReadOrUnknown() {
    assertThat(StartTime.in(STAT)).isEqualTo(123456);
    assertThat(StartTime.in("")).isEqualTo(Reading.UNKNOWN);
    Fuzz.rounds(200_000, KernelTextFuzzTest::tryStartTime);
  }

  private static void tryStartTime(SplittableRandom random) {
    StartTime.in(Fuzz.mutated(random, STAT));
  }

  @Test
  void groupsAreReadOrTheProblemIsSaid() {
    Fuzz.rounds(20_000, this::tryGroups);
  }

  private void tryGroups(SplittableRandom random) throws IOException {
    Path mount = directory.resolve("cgroup");
    Files.createDirectories(mount.resolve("a/b"));
    String mounts = "30 22 0:26 / %s rw - cgroup cgroup rw,memory\n".formatted(mount);
    Path level = Fuzz.once(random, 2) ? mount.resolve("a") : mount.resolve("a/b");
    write(random, level.resolve("memory.limit_in_bytes"), "629145600\n");
    write(random, level.resolve("memory.usage_in_bytes"), "4096\n");
    write(random, level.resolve("memory.stat"), "cache 1\ntotal_inactive_file 4096\n");
    Path process = Files.createDirectories(directory.resolve("process"));
    write(random, process.resolve("cgroup"), GROUPS);
    write(random, process.resolve("mountinfo"), mounts);
    Path meminfo = directory.resolve("meminfo");
    write(random, meminfo, MEMORY);
    try (ContainerReadings readings =
        new ContainerReadings(process, meminfo.toString(), null, process)) {
      assertThat(readings.capacity()).isGreaterThanOrEqualTo(Reading.UNKNOWN);
      assertThat(readings.used()).isGreaterThanOrEqualTo(Reading.UNKNOWN);
      readings.usedWithCache();
      readings.room(true);
      Fuzz.requireShort(String.valueOf(readings.problem()));
    }
  }

  private static void write(SplittableRandom random, Path file, String text) throws IOException {
    String written = Fuzz.once(random, 3) ? Fuzz.mutated(random, text) : text;
    Files.deleteIfExists(file); // some file systems flush a truncated file, which takes long
    Files.write(file, written.getBytes(StandardCharsets.UTF_8));
  }
}
