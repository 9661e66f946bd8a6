package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Amounts in percent, relative to the limit reported by the JVM or the container. */
class CapacityIT {
  private static final long MIB = 1L << 20;
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void halfOfEachAreaIsHalfOfItsOwnLimit(Jdk jdk) throws IOException {
    String[] flags = {
      "-Xmx200m", "-XX:+UseG1GC", "-XX:MaxDirectMemorySize=100m", "-XX:MaxMetaspaceSize=120m"
    };
    try (Target target = Target.start(jdk, flags)) {
      for (String one : List.of("heap 100", "objects 100", "direct 50", "metaspace 60")) {
        String area = one.split(" ")[0];
        long half = Long.parseLong(one.split(" ")[1]) * MIB;
        Plans.attach(target, "x=50%,a=" + area);
        Status held = Plans.await(target, Phase.HOLDING);
        assertThat(held.get(Reading.COMMITTED)).as(area).isBetween(half, half + 2 * MIB);
        Plans.release(target);
      }
    }
  }

  @Test
  void withoutALimitOfItsOwnItIsTheContainers() throws IOException {
    try (Cgroup cgroup = Cgroup.ofMemory(512 * MIB);
        Target target = Target.startIn(cgroup, NEWEST, "x=25%,a=native", "-Xmx64m")) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.COMMITTED)).isEqualTo(128 * MIB);
      Map<String, Object> status = InProcess.run("status", target.pid(), "--json").json();
      assertThat(status).containsEntry("containerCapacity", (int) (512 * MIB));
      assertThat((int) status.get("containerUsed")).isBetween((int) (140 * MIB), (int) (250 * MIB));
    }
  }

  /** The plan fills the container to a share, and follows the application's usage at this share. */
  @Test
  void nativeMemoryFollowsWhatIsUsedOfTheContainer() throws IOException {
    try (Cgroup cgroup = Cgroup.ofMemory(512 * MIB);
        Target target =
            Target.startIn(cgroup, NEWEST, "until=60%,m=2,a=native,b", "-Xmx300m", "-Xmn100m")) {
      Plans.await(target, Phase.WAITING);
      long held = Plans.fill(target, "default").get(Reading.COMMITTED);
      assertThat(512 * MIB - cgroup.free()).isBetween(512 * MIB * 57 / 100, 512 * MIB * 62 / 100);
      assertThat(target.ask("swing 20 21 600")).isEqualTo("swings");
      Awaitility.await().until(() -> Plans.status(target).get(Reading.COMMITTED) < held - 30 * MIB);
      Awaitility.await()
          .until(() -> Math.abs(512 * MIB * 60 / 100 - (512 * MIB - cgroup.free())) < 16 * MIB);
    }
  }

  /** The application's usage is constant during the test. */
  @Test
  void aLimitOfTheContainerThatMovesIsFollowedInBothDirections() throws IOException {
    try (Cgroup cgroup = Cgroup.ofMemory(300 * MIB);
        Target target = Target.startIn(cgroup, NEWEST, "until=60%,m=2,a=native", "-Xmx64m")) {
      long held = Plans.await(target, Phase.HOLDING).get(Reading.COMMITTED);
      cgroup.limit(400 * MIB);
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(1)))
          .until(
              () ->
                  Math.abs(Plans.status(target).get(Reading.COMMITTED) - held - 60 * MIB)
                      < 8 * MIB);
      cgroup.limit(320 * MIB);
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(1)))
          .until(
              () ->
                  Math.abs(Plans.status(target).get(Reading.COMMITTED) - held - 12 * MIB)
                      < 8 * MIB);
      assertThat(Plans.status(target).get(Reading.CONTAINER_CAPACITY)).isEqualTo(320 * MIB);
    }
  }

  /** Two containers of one pod: memory of the launcher is unavailable to the other container. */
  @Test
  void aLauncherInTheTargetsPodSaysWhatItTakesThere() throws IOException {
    try (Cgroup pod = Cgroup.ofMemory(600 * MIB);
        Cgroup own = pod.inside(400 * MIB);
        Cgroup beside = pod.inside(400 * MIB);
        Target target = Target.startBy(own.enter(), NEWEST, "-Xmx64m")) {
      String sentence = "allocmem itself counts against a memory limit of JVM " + target.pid();
      assertThat(InProcess.run("check", target.pid()).out()).doesNotContain("allocmem itself");
      Cli check = Cli.runBy(beside.enter(), NEWEST, Cli.JAR, "check", target.pid());
      assertThat(check.out()).containsPattern(sentence + ": [0-9.]+ MiB here, until it ends");
      Cli attach = Cli.runBy(beside.enter(), NEWEST, Cli.JAR, "attach", target.pid(), "-x", "9");
      assertThat(attach.out()).contains(sentence);
      Plans.release(target);
    }
  }

  /** Parallel counts the heap without a survivor space: 245 MiB at first, then less. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void whereTheHeapsMaximumMovesAgentAndCheckHaveTheSame(Jdk jdk) {
    try (Target target =
        Target.startWithAgent(jdk, "until=70%", "-Xms256m", "-Xmx256m", "-XX:+UseParallelGC")) {
      for (String swing : List.of("live", "swing 5 25 2")) {
        if (!swing.equals("live")) {
          assertThat(target.ask(swing)).isEqualTo("swings");
        }
        Plans.await(target, Phase.HOLDING);
        Awaitility.await()
            .until(
                () -> {
                  long inside = Long.parseLong(target.ask("max"));
                  Object seen =
                      InProcess.run("check", target.pid(), "--json").json().get("heapMax");
                  long agents = Plans.status(target).get(Reading.HEAP_MAX);
                  return ((Number) seen).longValue() == inside && agents == inside;
                });
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m=300,x=300; a block of 300 MiB is larger than the Java heap, 200 MiB",
        "x=1,keep-free=201m; keep-free=201m is more than the Java heap, 200 MiB",
        "until=201m; until=201m is more than the Java heap, 200 MiB"
      })
  void whatDoesNotFitIsRefusedByTheAgent(String arguments, String sentence) throws Exception {
    try (Target target =
        Target.launch(
            NEWEST, "-Xmx200m", "-XX:+UseG1GC", "-javaagent:" + Target.AGENT + "=" + arguments)) {
      assertThat(target.process().waitFor()).isEqualTo(2);
      assertThat(target.err().strip()).isEqualTo("[allocmem] refused: " + sentence);
    }
  }

  /** The expected values come from G1's own log: each block takes two regions of 2 MiB. */
  @Test
  void whatTheHeapLosesToRegionsIsSaid() {
    try (Target target =
        Target.startWithAgent(
            NEWEST,
            "m=3,x=60",
            "-Xmx400m",
            "-XX:+UseG1GC",
            "-XX:G1HeapRegionSize=2m",
            "-Xlog:gc+heap=info:stderr")) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.REGION_WASTE)).isEqualTo(20 * MIB);
      target.ask("gc");
      assertThat(target.err()).contains("Humongous regions: 40->40");
      assertThat(InProcess.run("status", target.pid()).out())
          .contains("the heap lost 20 MiB more, since");
    }
  }
}
