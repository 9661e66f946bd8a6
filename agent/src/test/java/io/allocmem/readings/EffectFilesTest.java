package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the kernel with the cost of pressure, simulated. */
class EffectFilesTest {
  private static final byte[] BUFFER = new byte[KernelFile.PIECE];

  @TempDir private Path directory;

  private KernelFile file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return new KernelFile(file.toString(), BUFFER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "a b) S 9 9", "(((", ")", "", "1 2 3 4 5 6 7 8"})
  void theNameOfAProcessMayLookLikeFigures(String name) throws IOException {
    String figures = ") R 1 2 3 0 -1 4194304 103 0 17 0 250 50 0 0 20 0 1 0 5358789\n";
    try (ProcessStat stat = new ProcessStat(file("stat", "42 (" + name + figures))) {
      stat.read();
      assertThat(stat.majorFaults()).isEqualTo(17);
      assertThat(stat.cpuMillis()).isEqualTo(3000);
    }
  }

  @Test
  void theStatOfThisProcessIsRead() throws IOException {
    try (ProcessStat stat = new ProcessStat(new KernelFile("/proc/self/stat"))) {
      stat.read();
      long all = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
      assertThat(stat.cpuMillis()).isBetween(1L, all + 10);
      assertThat(stat.majorFaults()).isNotNegative();
    }
  }

  @Test
  void withoutAFileNothingIsKnown() {
    try (ProcessStat stat = new ProcessStat(null)) {
      stat.read();
      assertThat(stat.cpuMillis()).isEqualTo(Reading.UNKNOWN);
      assertThat(stat.majorFaults()).isEqualTo(Reading.UNKNOWN);
    }
    assertThat(new PressureFile(null).totalMicros()).isEqualTo(Reading.UNKNOWN);
  }

  @Test
  void pressureIsThatOfTheOwnCgroup() throws IOException {
    file(
        "own/memory.pressure",
        """
        some avg10=1.50 avg60=0.20 avg300=0.00 total=2212619
        full avg10=0.00 avg60=0.00 avg300=0.00 total=453408
        """);
    List<String> groups = List.of(directory + "/own", directory + "/above");
    try (PressureFile pressure = PressureFile.of(groups, BUFFER)) {
      assertThat(pressure.totalMicros()).isEqualTo(2212619);
      file("own/memory.pressure", "full avg10=0.00 total=453408\n");
      assertThat(pressure.totalMicros()).isEqualTo(Reading.UNKNOWN);
    }
  }

  @Test
  void throttledTimeIsThatOfAllCgroups() throws IOException {
    file("a/cpu.stat", "usage_usec 9\nnr_periods 1\nthrottled_usec 5000\n");
    file("a/b/cpu.stat", "nr_periods 1\nnr_throttled 0\nthrottled_usec 2500\n");
    try (ThrottledTime time =
        ThrottledTime.of(List.of(directory + "/a/b", directory + "/a"), true, BUFFER)) {
      assertThat(time.millis()).isEqualTo(7);
    }
    file("c/cpu.stat", "nr_periods 1\nthrottled_time 12000000\n");
    try (ThrottledTime time = ThrottledTime.of(List.of(directory + "/c"), false, BUFFER)) {
      assertThat(time.millis()).isEqualTo(12);
    }
    try (ThrottledTime time = ThrottledTime.of(List.of(directory + "/none"), true, BUFFER)) {
      assertThat(time.millis()).isEqualTo(Reading.UNKNOWN);
    }
  }
}
