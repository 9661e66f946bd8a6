package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Life of a plan in a running JVM, for pairs of a launcher's JDK and a target's JDK. */
class AttachIT {
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#launchersAndTargets")
  void eachCommandReachesThePlanByPid(Jdk from, Jdk to) {
    try (Target target = Target.start(to, "-Xmx256m")) {
      Object pid = target.pid();
      long delay = Patience.of(Duration.ofMillis(20)).toMillis();
      Cli attached =
          Cli.run(from, "attach", pid, "-m", "3", "-x", "300", "-e", delay, "-a", "native");
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(attached.out())
          .matches(
              "plan default in JVM %s: 100 blocks of 3 MiB = 300 MiB, 300 MiB touched%na block of 3 MiB every \\d+m?s: full after \\d+m?s%nheld until a release%n"
                  .formatted(pid));

      Cli paused = Cli.run(from, "pause", pid);
      assertThat(paused.out()).contains("plan default in JVM " + pid + ": PAUSED");
      long blocks = Plans.status(target).get(Reading.BLOCKS);
      assertThat(blocks).isBetween(1L, 99L);
      Awaitility.await()
          .during(Duration.ofMillis(300))
          .until(() -> Plans.status(target).get(Reading.BLOCKS) == blocks);
      assertStatus(from, target, blocks);

      assertThat(Cli.run(from, "resume", pid).out()).contains(": ALLOCATING");
      Status held = Plans.await(target, Phase.HOLDING);
      assertThat(
              List.of(
                  held.get(Reading.BLOCKS), held.get(Reading.COMMITTED), held.get(Reading.TOUCHED)))
          .containsExactly(100L, 300L << 20, 300L << 20);

      assertThat(Cli.run(from, "release", pid).out()).contains("released 300 MiB", "RSS");
      Plans.awaitNoControlFile(target);
      assertThat(Cli.run(from, "status", pid).out()).contains("no plan is held in " + pid);
      assertThat(target.ask("still there")).isEqualTo("echo still there");
      assertThat(target.process().toHandle().children()).isEmpty();
    }
  }

  /**
   * JEP 451: since JDK 21, the JVM warns once per loaded agent. Each plan loads an agent once; a
   * command loads none.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theJvmWarnsOnceForEachPlanAndForNoCommand(Jdk jdk) {
    int each = jdk.version() >= 21 ? 4 : 0;
    try (Target target = Target.start(jdk)) {
      Plans.attach(target, "x=5");
      Plans.await(target, Phase.HOLDING);
      assertThat(warnings(target)).as(target.err()).hasSize(each);
      for (String command : List.of("status", "pause", "resume", "renew", "check")) {
        Cli told = Cli.run(command, target.pid());
        assertThat(told.code()).as(told.out()).isZero();
      }
      assertThat(warnings(target)).as(target.err()).hasSize(each);
      Plans.attach(target, "x=5,n=second");
      assertThat(Cli.run("release", target.pid()).code()).isZero();
      assertThat(warnings(target)).as(target.err()).hasSize(2 * each);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static List<String> warnings(Target target) {
    return target.err().lines().filter(line -> line.startsWith("WARNING: ")).toList();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanThatIsOverBeforeItIsLookedForWasStarted(Jdk jdk) {
    try (Target target = Target.start(jdk, "-Xmx256m")) {
      for (String then : List.of("release", "ramp-down")) {
        Cli over = Cli.run("attach", target.pid(), "-x", "1", "--then", then);
        assertThat(over.code()).as(over.out()).isZero();
        Plans.awaitNoControlFile(target);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void assertStatus(Jdk from, Target target, long blocks) {
    assertThat(Cli.run(from, "status", target.pid()).out())
        .contains("PLAN", "default", "PAUSED", "native", "300 MiB", "RSS BEFORE");
    Map<String, Object> json = Cli.run(from, "status", target.pid(), "--json").json();
    assertThat(json.keySet())
        .containsExactly(
            "format",
            "time",
            "pid",
            "jdk",
            "mainClass",
            "agentVersion",
            "rss",
            "heapUsed",
            "heapMax",
            "heapLive",
            "containerUsed",
            "containerCapacity",
            "collections",
            "pauseMillis",
            "gcCpuMillis",
            "containerHigh",
            "cpuMillis",
            "gcOfProcess1s",
            "gcOfProcess10s",
            "gcOfProcessors1s",
            "gcOfProcessors10s",
            "pause1s",
            "pause10s",
            "pressureMillis",
            "pressure1s",
            "pressure10s",
            "majorFaults",
            "throttledMillis",
            "swap",
            "stallP50",
            "stallP99",
            "stallP999",
            "stallMax",
            "stallP50InAll",
            "stallP99InAll",
            "stallP999InAll",
            "stallMaxInAll",
            "plans");
    assertThat(json)
        .containsEntry("pid", (int) target.pid())
        .containsEntry("mainClass", "TargetApplication");
    Map<?, ?> plan = (Map<?, ?>) ((List<?>) json.get("plans")).get(0);
    assertThat(plan.keySet().toString())
        .isEqualTo(
            "[name, phase, area, blockSize, limit, until, then, fill, delayMs, blocks, committed,"
                + " touched, resident, rssBefore, regionWaste, heapLiveBefore,"
                + " containerUsedBefore, dueMillis, givenBack, reached, atStartUp,"
                + " rssReleased, target, targetMillis, onTargetMillis,"
                + " largestDeviation, durationEndMillis, leaseEndMillis, huge, locked, stopped, effectTarget, effectMeasured, message]");
    assertThat(plan.get("blocks")).isEqualTo((int) blocks);
    assertThat(plan.get("committed")).isEqualTo((int) (blocks * (3 << 20)));
    assertThat(plan.get("resident")).isEqualTo(plan.get("committed"));
  }
}
