package io.allocmem.launcher.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.ForeignJdk;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.Failure;
import io.allocmem.plan.AreaKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Areas, commands and ways into a JVM for aarch64 under user-mode emulation. {@code
 * Arm64FillRatioIT} has the fill ratio with each collector.
 */
class Arm64IT {
  private static final long MIB = 1L << 20;
  private static final int MIB_HELD = 32;

  /** Tolerance of a resident set: the emulator keeps translated code. */
  private static final long NOISE = 8 * MIB;

  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

  @BeforeAll
  static void assumeAnEmulatedJdk() {
    ForeignJdk.assumeArm64();
  }

  /** The armed agent takes one plan after another; the launcher is an x86-64 program. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.ForeignJdk#arm64")
  void eachAreaHoldsTheTouchedShareAndReturnsToTheBaseline(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", JVM.toArray(new String[0]))) {
      for (AreaKind area : AreaKind.values()) {
        hold(target, area, blockMib(area)); // loads classes, and translates code
        Plans.release(target);
        long before = baseline(target, area);
        Status held = hold(target, area, MIB_HELD);
        long touched = area.canBeSparse() ? MIB_HELD * MIB / 2 : MIB_HELD * MIB;
        // a block is whole objects, or whole classes
        assertThat(held.get(Reading.COMMITTED) - MIB_HELD * MIB)
            .as("%s", area)
            .isBetween(0L, MIB_HELD * MIB / 100);
        assertThat(held.get(Reading.TOUCHED) - touched)
            .as("%s", area)
            .isBetween(0L, MIB_HELD * MIB / 100);
        if (area.canBeSparse()) {
          assertThat(held.get(Reading.RESIDENT))
              .as("%s", area)
              .isBetween(touched, touched + MIB_HELD * 4L * 4096);
        }
        assertThat(level(target, area) - before).as("%s", area).isGreaterThan(touched - NOISE);
        Plans.release(target);
        Awaitility.await("release of " + area)
            .atMost(Patience.of(Duration.ofSeconds(20)))
            .until(() -> baseline(target, area) <= before + NOISE);
      }
      assertThat(target.err()).doesNotContain("not enforced", "WARNING", "failed");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Few threads: the emulator (qemu-user 7.2) keeps 0.3 MiB for each thread that has ended. */
  private static int blockMib(AreaKind area) {
    return area == AreaKind.STACK ? 16 : 1;
  }

  private static Status hold(Target target, AreaKind area, int mib) {
    String fill = area.canBeSparse() ? ",f=0.5" : "";
    String plan = "a=%s,m=%d,x=%d%s".formatted(area, blockMib(area), mib, fill);
    Awaitility.await("answer to " + plan)
        .atMost(Patience.of(Duration.ofSeconds(30)))
        .ignoreException(Failure.class) // a late answer: the first plan of an area is slow here
        .until(
            () -> {
              Plans.start(target, plan, PlanWay.ARMED);
              return true;
            });
    return Plans.await(target, Phase.HOLDING);
  }

  /** Returns the level without garbage. */
  private static long baseline(Target target, AreaKind area) {
    assertThat(target.ask("gc")).isEqualTo("collected");
    return level(target, area);
  }

  /** Returns the bytes that an area's blocks add to: heap used, metaspace used, resident set. */
  private static long level(Target target, AreaKind area) {
    return switch (area) {
      case HEAP, OBJECTS -> Long.parseLong(target.ask("occupied"));
      case METASPACE -> Long.parseLong(target.ask("metaspace"));
      case NATIVE, DIRECT, MAPPED, STACK -> target.rss();
    };
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.ForeignJdk#arm64")
  void commandsArrive(Jdk jdk) throws IOException {
    List<String> options = new ArrayList<>(JVM);
    options.add("-javaagent:%s=a=native,m=1,x=8,b".formatted(Target.AGENT));
    try (Target target = Target.start(jdk, options.toArray(new String[0]))) {
      Object pid = target.pid();
      Plans.await(target, Phase.WAITING);
      assertThat(InProcess.run("resume", pid).done()).contains("plan default in JVM " + pid);
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("pause", pid).done()).contains(": PAUSED, ");
      assertThat(Plans.await(target, Phase.PAUSED).get(Reading.COMMITTED)).isEqualTo(8 * MIB);
      InProcess.run("resume", pid).done();
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("status", pid).done())
          .contains("HOLDING", "JDK " + jdk.version(), "8 MiB", "TargetApplication");
      assertThat(InProcess.run("check", pid, "-n", "next", "-x", "8").done())
          .contains("page library      can be loaded", "collector         Serial");
      assertThat(InProcess.run("release", pid).done()).contains("released 8 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * Attach listener, attach client and agent are aarch64 programs. The agent is armed first: the
   * emulator translates the agent's code outside of the time limit of an answer.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.ForeignJdk#arm64")
  void anEmulatedLauncherAttachesAndReleases(Jdk jdk) {
    try (Target target = Armed.start(jdk, "armed", JVM.toArray(new String[0]))) {
      Object pid = target.pid();
      assertThat(InProcess.run("disarm", pid).done()).contains("disarmed");
      Awaitility.await("attach within the time limit of an answer")
          .atMost(Patience.of(Duration.ofSeconds(60)))
          .untilAsserted(() -> run(jdk, attach(pid)).done());
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT)).isEqualTo(2 * MIB);
      assertThat(run(jdk, "release", pid).done()).contains("released 8 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Object[] attach(Object pid) {
    return new Object[] {"attach", pid, "-a", "native", "-x", 8, "-f", 0.25, "--if-absent"};
  }

  private static Cli run(Jdk jdk, Object... arguments) {
    List<String> words = new ArrayList<>(List.of(jdk.java(), ForeignJdk.STARTS_PROGRAMS_OF_HERE));
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"));
    words.add(Cli.JAR.toString());
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return Cli.of(words, "");
  }
}
