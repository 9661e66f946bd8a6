package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.readings.OverheadLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GC overhead limit of G1 and Parallel: a plan beyond the room of the heap leaves the application
 * more than the limit. The application has a steady live set, and allocates 200 MiB a second.
 */
class OverheadLimitIT {
  private static final long MIB = 1L << 20;
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  private static final String ERROR = "java.lang.OutOfMemoryError";

  /** Returns the oldest and the newest JDK whose collector enforces the limit; long form: all. */
  static Stream<Arguments> jvms() {
    List<Jdk> g1 = Jdks.all().stream().filter(OverheadLimitIT::isEnforcedByG1).toList();
    return Stream.concat(
        ends(g1).map(jdk -> Arguments.of(jdk, "G1")),
        ends(Jdks.all()).map(jdk -> Arguments.of(jdk, "Parallel")));
  }

  private static Stream<Jdk> ends(List<Jdk> all) {
    return LONG || all.isEmpty()
        ? all.stream()
        : Stream.of(all.get(0), all.get(all.size() - 1)).distinct();
  }

  private static boolean isEnforcedByG1(Jdk jdk) {
    try (Target target = Target.start(jdk)) {
      return OverheadLimit.ofG1(target.ask("property java.version"), 2, MIB).isEnforced();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jvms")
  void aPlanEndsExhaustedAndTheApplicationMeetsNoError(Jdk jdk, String collector) {
    try (Target target = start(jdk, collector)) {
      assertThat(InProcess.run("check", target.pid(), "-x", "400").out())
          .contains(collector + " of JDK ", "(GC overhead limit, GCHeapFreeLimit, GCTimeLimit)")
          .contains("the plan ends EXHAUSTED before less than ", "--oom allow goes on");
      assertThat(InProcess.run("check", target.pid(), "-x", "50%").out())
          .doesNotContain("GC overhead limit");

      Cli waited = InProcess.run("attach", target.pid(), "-x", "400", "-m", "900k", "--wait");
      assertThat(waited.code()).as(waited.out()).isEqualTo(ExitCode.SHORT.number());
      assertThat(waited.out())
          .contains("did not reach 400.8 MiB: EXHAUSTED", reason(collector))
          .contains("accept the risk with --oom allow");
      assertThat(InProcess.run("status", target.pid(), "--json").out()).contains(reason(collector));
      assertThat(target.err()).contains("exhausted after ", reason(collector));
      Patience.holds(
          Duration.ofSeconds(LONG ? 30 : 8), () -> assertThat(target.err()).doesNotContain(ERROR));
      Status status = Plans.status(target);
      assertThat(status.phase).isEqualTo(Phase.EXHAUSTED);
      long held = status.get(Reading.COMMITTED);
      assertThat(held).isGreaterThan(112 * MIB);
      System.out.printf(
          "%s %s: %d MiB of a heap of 256 MiB beside 64 MiB, no error%n",
          jdk, collector, held >> 20);
    }
  }

  private static String reason(String collector) {
    return "stopped before the GC overhead limit of " + collector + ": less than ";
  }

  /**
   * The application may meet the error then, and does not each time. Without adaptive sizes, since
   * Parallel may take 29 MiB from the young generation between the two plans.
   */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jvms")
  void aPlanThatMayRiskTheErrorFillsTheHeap(Jdk jdk, String collector) throws IOException {
    try (Target target = start(jdk, collector, "-XX:-UseAdaptiveSizePolicy")) {
      assertThat(InProcess.run("check", target.pid(), "-x", "0", "--oom", "allow").out())
          .contains("GCTimeLimit): --oom allow permits the risk");
      Plans.attach(target, "x=0,m=64k");
      Plans.await(target, Phase.EXHAUSTED);
      long careful = Plans.status(target).get(Reading.COMMITTED);
      Plans.release(target);
      Plans.attach(target, "x=0,m=64k,oom=allow");
      assertThat(Plans.await(target, Phase.EXHAUSTED).message)
          .isEqualTo("no room for a block on the Java heap");
      long all = Plans.status(target).get(Reading.COMMITTED);
      System.out.printf("%s %s: %d, then %d MiB%n", jdk, collector, careful >> 20, all >> 20);
      assertThat(all).isGreaterThan(careful + 2 * MIB);
    }
  }

  /** Garbage in the old generation is room for blocks: the plan collects before the plan ends. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jvms")
  void garbageIsNoReasonToStop(Jdk jdk, String collector) throws IOException {
    try (Target target = Target.start(jdk, "-XX:+Use" + collector + "GC", "-Xms256m", "-Xmx256m")) {
      Plans.attach(target, "n=garbage,x=50%,m=64k");
      Plans.await(target, "garbage", Phase.HOLDING);
      Plans.release(target);
      Plans.attach(target, "x=60%,m=900k");
      Plans.await(target, Phase.HOLDING);
    }
  }

  private static Target start(Jdk jdk, String collector, String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("-XX:+Use" + collector + "GC", "-Xms256m", "-Xmx256m"));
    Target target = Target.start(jdk, options.toArray(new String[0]));
    assertThat(target.ask("swing 25 25 60")).isEqualTo("swings");
    Awaitility.await().until(() -> Long.parseLong(target.ask("live")) > 55 * MIB);
    return target;
  }
}
