package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans with {@code pages=huge}: the status agrees with the kernel's list of mappings. */
class HugePagesIT {
  private static final Path KERNEL = Path.of("/sys/kernel/mm/transparent_hugepage");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final long MIB = 1L << 20;

  private static long huge;

  @TempDir private Path directory;

  @BeforeAll
  static void needsHugePages() throws IOException {
    assumeThat(KERNEL.resolve("hpage_pmd_size")).isRegularFile();
    assumeThat(Files.readString(KERNEL.resolve("enabled"))).doesNotContain("[never]");
    huge = Long.parseLong(Files.readString(KERNEL.resolve("hpage_pmd_size")).trim());
    assumeThat(huge).as("blocks of the plans").isEqualTo(2 * MIB);
  }

  static Stream<Arguments> jdksAndAreas(TestInfo test) {
    return Jdks.some(test)
        .flatMap(jdk -> Stream.of("native", "direct").map(area -> Arguments.of(jdk, area)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndAreas")
  void theStatusSaysWhatTheKernelHasAndNothingStays(Jdk jdk, String area) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx512m", "-XX:ActiveProcessorCount=2")) {
      long before = hugeBytes(target);
      for (String shape : List.of("m=20,f=0.25", "m=20,f=1,t=2", "m=20,f=0")) {
        Plans.attach(target, "x=200,pages=huge,a=" + area + "," + shape);
        Status held = Plans.await(target, Phase.HOLDING);
        long touched = (shape.contains("f=0.25") ? 60 : shape.endsWith("f=0") ? 0 : 200) * MIB;
        long inHuge = held.get(Reading.HUGE);
        assertThat(held.get(Reading.TOUCHED)).as(shape).isEqualTo(touched);
        assertThat(held.get(Reading.RESIDENT))
            .as(shape)
            .isBetween(touched - 10 * 4096, touched + 10 * 4096);
        assertThat(inHuge).as(shape).isEqualTo(hugeBytes(target) - before);
        assertThat(inHuge % huge).as(shape).isZero();
        assertThat(inHuge).as(shape).isBetween(touched - ends(area, touched), touched);
        Plans.release(target);
        assertThat(hugeBytes(target)).as(shape).isEqualTo(before);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Returns the bytes of ten blocks that may be in small pages: a buffer begins anywhere. */
  private static long ends(String area, long touched) {
    return area.equals("direct") && touched > 0 ? 10 * huge : 0;
  }

  @Test
  void twoPlansOfOneJvmCountTheirOwnBlocks() throws IOException {
    try (Target target = Target.start(NEWEST, "-Xmx512m")) {
      Plans.attach(target, "n=a,m=2,x=64,pages=huge,a=native");
      Plans.attach(target, "n=b,m=4,x=100,pages=huge,a=native,f=0.5");
      Plans.attach(target, "n=c,m=20,x=40,a=native");
      assertThat(Plans.await(target, "a", Phase.HOLDING).get(Reading.HUGE)).isEqualTo(64 * MIB);
      assertThat(Plans.await(target, "b", Phase.HOLDING).get(Reading.HUGE)).isEqualTo(50 * MIB);
      assertThat(Plans.await(target, "c", Phase.HOLDING).get(Reading.HUGE))
          .isEqualTo(Reading.UNKNOWN);
      assertThat(Cli.run("status", Long.toString(target.pid())).out())
          .contains("plan a: 64 MiB of 64 MiB touched are in huge pages")
          .contains("plan b: 50 MiB of 50 MiB touched are in huge pages");
    }
  }

  @Test
  void rotationAndRampDownKeepTheCount() throws IOException {
    try (Target target = Target.start(NEWEST, "-Xmx512m")) {
      long before = hugeBytes(target);
      Plans.attach(target, "m=4,x=40,f=0.5,pages=huge,a=native,then=rotate,e=20");
      Plans.await(target, Phase.ROTATING);
      Awaitility.await()
          .pollDelay(Duration.ofSeconds(1))
          .until(() -> Plans.status(target).get(Reading.HUGE) >= 18 * MIB);
      assertThat(hugeBytes(target) - before).isBetween(18 * MIB, 20 * MIB);
      Plans.release(target);
      Plans.attach(target, "m=4,x=40,pages=huge,a=native,then=ramp-down,e=50");
      Plans.await(target, Phase.RAMPING_DOWN);
      Awaitility.await().until(() -> target.controlFiles().isEmpty());
      assertThat(hugeBytes(target)).isEqualTo(before);
    }
  }

  @Test
  void aFullHeapStopsNeitherCountNorRelease() throws IOException {
    try (Target target = Target.start(NEWEST, "-Xmx96m", "-XX:ActiveProcessorCount=2")) {
      Plans.attach(target, "n=huge,m=4,x=40,pages=huge,a=native,then=ramp-down,hold=5s,e=300,t=2");
      Plans.await(target, "huge", Phase.HOLDING);
      Plans.attach(target, "n=full,m=64k,x=0,oom=allow");
      Plans.await(target, "full", Phase.EXHAUSTED);
      Plans.await(target, "huge", Phase.RAMPING_DOWN);
      Awaitility.await().until(() -> hasFewer(Plans.status(target, "huge")));
      Plans.send(target, "huge", PlanCommand.RELEASE);
      Plans.await(target, "huge", Phase.RELEASED);
      Plans.send(target, "full", PlanCommand.RELEASE);
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
  }

  private static boolean hasFewer(Status status) {
    long bytes = status.get(Reading.HUGE);
    return bytes == status.get(Reading.TOUCHED) && bytes > 0 && bytes <= 32 * MIB;
  }

  @Test
  void aProcessWithoutHugePagesIsRefusedAndCheckSaysSo() throws Exception {
    Path nohuge = Gcc.build(NEWEST, "nohuge.c", directory.resolve("nohuge"));
    try (Target target = Target.startBy(List.of(nohuge.toString()), NEWEST)) {
      String sentence =
          "--pages huge gets no huge page: transparent huge pages are off in this process";
      assertRefused(target, sentence, "-x", "20", "-m", "2", "-a", "native", "--pages", "huge");
    }
  }

  @Test
  void aBlockOfNoWholeHugePageIsRefusedAndCheckSaysSo() throws IOException {
    try (Target target = Target.start(NEWEST)) {
      String sentence =
          "--pages huge needs blocks of whole pages of 2 MiB: give -m 2m or another multiple";
      assertRefused(target, sentence, "-x", "20", "-a", "direct", "--pages", "huge");
    }
  }

  private static void assertRefused(Target target, String sentence, String... options) {
    String pid = Long.toString(target.pid());
    String[] check =
        Stream.concat(Stream.of("check", pid), Stream.of(options)).toArray(String[]::new);
    assertThat(Cli.run((Object[]) check).out()).contains("refused: " + sentence);
    String[] attach = check.clone();
    attach[0] = "attach";
    Cli attached = Cli.run((Object[]) attach);
    assertThat(attached.code()).isNotZero();
    assertThat(attached.out()).contains(sentence);
  }

  private static long hugeBytes(Target target) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + target.pid() + "/smaps_rollup")).stream()
        .filter(line -> line.startsWith("AnonHugePages:"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) << 10)
        .sum();
  }
}
