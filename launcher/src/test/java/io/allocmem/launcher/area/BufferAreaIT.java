package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Direct buffers and mapped files, measured by the JVM's count of buffers and the kernel's resident
 * set.
 */
class BufferAreaIT {
  private static final String DIRECT = "-XX:MaxDirectMemorySize=300m";
  private static final long MIB = 1L << 20;
  private static final long NOISE = 4 * MIB;

  /** Buffers of the JVM for its own I/O, allocated with the first attach. */
  private static final long OWN_BUFFERS = MIB / 4;

  @TempDir private Path directory;

  static Stream<Arguments> jdksAndAreas(TestInfo test) {
    return Jdks.some(test)
        .flatMap(jdk -> Stream.of("direct", "mapped").map(area -> Arguments.of(jdk, area)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndAreas")
  void buffersAreCountedByTheJvmAndTheirTouchedShareByTheKernel(Jdk jdk, String area)
      throws IOException {
    // a resident heap and a single compiler keep the resident set steady
    String[] quiet = {
      "-Xms128m",
      "-Xmx128m",
      "-XX:+AlwaysPreTouch",
      "-XX:TieredStopAtLevel=1",
      DIRECT,
      "-Djava.io.tmpdir=" + directory
    };
    try (Target target = Target.start(jdk, quiet)) {
      long buffers = buffers(target, area);
      for (String block : List.of("1m", "10m")) {
        for (int percent : new int[] {100, 0, 25}) {
          Plans.attach(target, "a=" + area + ",m=" + block + ",x=200,f=" + percent + "%");
          Status held = Plans.await(target, Phase.HOLDING);
          String what = "%s %s blocks of %s at %d %%".formatted(jdk, area, block, percent);
          long pageABlock = held.get(Reading.BLOCKS) * 4096;
          assertThat(held.get(Reading.RESIDENT))
              .as(what)
              .isBetween(2 * percent * MIB - pageABlock, 2 * percent * MIB + pageABlock);
          assertThat(buffers(target, area) - buffers)
              .as(what)
              .isBetween(200 * MIB, 200 * MIB + OWN_BUFFERS);
          assertThat(target.rss() - held.get(Reading.RSS_BEFORE))
              .as(what)
              .isBetween(2 * percent * MIB - NOISE, 2 * percent * MIB + NOISE);
          assertThat(directory).as(what).isEmptyDirectory();

          Plans.release(target);
          assertThat(buffers(target, area) - buffers).as(what).isBetween(0L, OWN_BUFFERS);
          assertThat(target.rss() - held.get(Reading.RSS_BEFORE)).as(what).isBetween(-NOISE, NOISE);
        }
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void directMemoryThatRunsOutIsExhausted(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(jdk, "a=direct,m=10,x=0", "-XX:MaxDirectMemorySize=100m")) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).isEqualTo("no direct memory left (-XX:MaxDirectMemorySize)");
      assertThat(status.get(Reading.BLOCKS)).isBetween(8L, 10L);
      Plans.release(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void nativeMemoryTrackingCountsDirectBuffers(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-XX:NativeMemoryTracking=summary")) {
      String line = jdk.version() < 11 ? "Internal" : "Other"; // JDK-8193434
      long before = Tool.reservedByNmt(jdk, target, line);
      Plans.attach(target, "a=direct,m=10,x=200");
      Plans.await(target, Phase.HOLDING);
      assertThat(Tool.reservedByNmt(jdk, target, line) - before)
          .isBetween(200 * MIB, 200 * MIB + NOISE);
      Plans.release(target);
      assertThat(Tool.reservedByNmt(jdk, target, line) - before).isBetween(-NOISE, NOISE);
    }
  }

  /** The mapped file has no name: the end of the mapping also frees the page cache. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void mappedFilesAreSharedMemory(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      long before = shared(target);
      Plans.attach(target, "a=mapped,m=10,x=200,f=0.25");
      Plans.await(target, Phase.HOLDING);
      assertThat(shared(target) - before).isBetween(50 * MIB, 50 * MIB + NOISE);
      Plans.release(target);
      assertThat(shared(target) - before).isBetween(-NOISE, NOISE);
    }
  }

  /** Returns the resident bytes of files and shared memory: the third figure of statm, in pages. */
  private static long shared(Target target) throws IOException {
    String statm = Files.readString(Path.of("/proc/" + target.pid() + "/statm"));
    return Long.parseLong(statm.split(" ")[2]) * 4096;
  }

  private static long buffers(Target target, String area) {
    return Long.parseLong(target.ask("buffers " + area));
  }
}
