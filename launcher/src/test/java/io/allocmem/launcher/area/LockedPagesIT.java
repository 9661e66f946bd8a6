package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans with {@code pages=locked}: the kernel's count of locked memory is the touched part. */
class LockedPagesIT {
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final long MIB = 1L << 20;

  /** Root without the capability to lock all memory, with a limit of 4 MiB. */
  private static final List<String> LIMITED =
      List.of(
          "prlimit",
          "--memlock=" + 4 * MIB,
          "setpriv",
          "--bounding-set=-ipc_lock",
          "--inh-caps=-ipc_lock");

  static Stream<Arguments> jdksAndAreas(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk -> Stream.of("native", "direct", "mapped").map(area -> Arguments.of(jdk, area)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndAreas")
  void theTouchedPartIsLockedAndResidentAndNothingStays(Jdk jdk, String area) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx512m", "-XX:ActiveProcessorCount=2")) {
      long before = locked(target);
      Plans.attach(target, "x=1,pages=locked,a=" + area); // the agent's own memory
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      for (String shape : List.of("m=20,f=0.25", "m=64k,f=1,t=2", "m=20,f=0")) {
        long inRss = rss(target);
        Plans.attach(target, "x=40,pages=locked,a=" + area + "," + shape);
        Status held = Plans.await(target, Phase.HOLDING);
        long touched = (shape.contains("f=0.25") ? 10 : shape.endsWith("f=0") ? 0 : 40) * MIB;
        assertThat(held.get(Reading.TOUCHED)).as(shape).isEqualTo(touched);
        assertThat(locked(target) - before).as(shape).isEqualTo(touched);
        assertThat(held.get(Reading.LOCKED)).as(shape).isEqualTo(before + touched);
        assertThat(rss(target) - inRss).as(shape).isBetween(touched - 2 * MIB, touched + 8 * MIB);
        long edges = 4096 * held.get(Reading.BLOCKS);
        assertThat(held.get(Reading.RESIDENT))
            .as(shape)
            .isBetween(touched - edges, touched + edges);
        Plans.release(target);
        assertThat(locked(target)).as(shape).isEqualTo(before);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void rotationUnlocksEachReleasedBlock() throws IOException {
    try (Target target = Target.start(NEWEST)) {
      for (String area : List.of("native", "direct", "mapped")) {
        Plans.attach(target, "m=2,x=20,f=0.5,pages=locked,then=rotate,e=20,a=" + area);
        Plans.await(target, Phase.ROTATING);
        Awaitility.await()
            .pollDelay(Duration.ofSeconds(1))
            .until(() -> Plans.status(target).get(Reading.LOCKED) >= 9 * MIB);
        assertThat(locked(target)).as(area).isBetween(9 * MIB, 10 * MIB);
        assertThat(Cli.run("status", Long.toString(target.pid())).out())
            .contains("plan default: the process has locked ");
        Plans.release(target);
        assertThat(locked(target)).as(area).isZero();
      }
    }
  }

  @Test
  void moreThanTheLimitIsRefusedAndCheckSaysSo() throws IOException {
    try (Target target = Target.startBy(LIMITED, NEWEST)) {
      String pid = Long.toString(target.pid());
      String[] check = {
        "check", pid, "-x", "20", "-f", "0.25", "-a", "native", "--pages", "locked"
      };
      String sentence =
          "--pages locked locks 5 MiB, and the kernel lets this process lock 4 MiB more"
              + " (RLIMIT_MEMLOCK, ulimit -l)";
      assertThat(Cli.run((Object[]) check).out()).contains("refused: " + sentence);
      String[] attach = check.clone();
      attach[0] = "attach";
      Cli attached = Cli.run((Object[]) attach);
      assertThat(attached.code()).isNotZero();
      assertThat(attached.out()).contains(sentence);
      check[3] = "16";
      assertThat(Cli.run((Object[]) check).out()).contains("the plan can start");
      Plans.attach(target, "x=16,f=0.25,a=native,pages=locked");
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.LOCKED)).isEqualTo(4 * MIB);
      assertThat(Cli.run("check", pid, "-x", "4", "-a", "direct", "--pages", "locked").out())
          .as("beside the other plan")
          .contains("lets this process lock 0 MiB more");
      assertThat(Cli.run("check", pid, "-x", "4", "-f", "0.5").out())
          .as("the plan's own locked memory is no obstacle")
          .doesNotContain("has locked");
    }
  }

  @Test
  void aPlanWithoutALimitEndsAtTheLimitOfLockedMemory() throws IOException {
    try (Target target = Target.startBy(LIMITED, NEWEST)) {
      for (String area : List.of("native", "direct", "mapped")) {
        Plans.attach(target, "x=0,m=3,a=" + area + ",pages=locked");
        Status status = Plans.await(target, Phase.EXHAUSTED);
        assertThat(status.message)
            .as(area)
            .isEqualTo("no more memory may be locked (RLIMIT_MEMLOCK, ulimit -l)");
        assertThat(status.get(Reading.BLOCKS)).as(area).isEqualTo(1);
        assertThat(locked(target)).as(area).isEqualTo(3 * MIB);
        Plans.release(target);
        assertThat(locked(target)).as(area).isZero();
      }
    }
  }

  @Test
  void aFullHeapStopsNoRelease() throws IOException {
    try (Target target = Target.start(NEWEST, "-Xmx96m")) {
      Plans.attach(target, "n=locked,m=1,x=8,pages=locked,a=native,then=rotate,e=20");
      Plans.attach(target, "n=full,m=64k,x=0,oom=allow");
      Plans.await(target, "full", Phase.EXHAUSTED);
      assertThat(Plans.status(target, "locked").get(Reading.LOCKED)).isPositive();
      Plans.release(target);
      assertThat(locked(target)).isZero();
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
  }

  private static long locked(Target target) {
    return new LinuxProcess(target.pid()).size("VmLck").orElseThrow();
  }

  private static long rss(Target target) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + target.pid() + "/smaps_rollup")).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) << 10)
        .sum();
  }
}
