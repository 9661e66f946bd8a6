package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Full heap: commands reach the plan through the control file, the only usable channel. */
class FullHeapIT {
  private static final Duration LIMIT = Duration.ofMillis(500);

  /** Block sizes, fill ratios and threads. */
  private static final List<String> SHAPES =
      List.of(
          "m=64k,f=1",
          "m=64k,f=0.25",
          "m=64k,f=1,t=2",
          "m=1,f=1",
          "m=1,f=0.25",
          "m=1,f=0.25,t=2",
          "m=5,f=1",
          "m=5,f=0.25",
          "m=5,f=1,t=2");

  static Stream<Arguments> jdksAndCollectors(TestInfo test) {
    List<Collector> collectors =
        List.of(Collector.SERIAL, Collector.PARALLEL, Collector.G1, Collector.ZGC);
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(collectors::contains)
                    .map(collector -> Arguments.of(jdk, collector)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndCollectors")
  void answersAndReleasesEachTime(Jdk jdk, Collector collector) throws IOException {
    long slowestStatus = 0;
    long slowestRelease = 0;
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-Xmx96m");
    flags.add("-XX:ActiveProcessorCount=2");
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      for (String shape : SHAPES) {
        Plans.attach(target, "x=0,oom=allow," + shape);
        Plans.await(target, Phase.EXHAUSTED);
        long start = System.nanoTime();
        Status status = Plans.status(target);
        long answered = System.nanoTime();
        assertThat(status.message).isEqualTo("no room for a block on the Java heap");
        assertThat(status.get(Reading.COMMITTED)).isGreaterThanOrEqualTo(least(jdk, collector));
        slowestStatus = Math.max(slowestStatus, answered - start);
        slowestRelease = Math.max(slowestRelease, release(target));
      }
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
    System.out.printf(
        "%s %s: slowest of 9 with a full heap: status %.1f ms, release %.1f ms%n",
        jdk, collector, slowestStatus / 1e6, slowestRelease / 1e6);
  }

  /**
   * Returns the least amount of a full heap. ZGC of JDK 11 refuses a block before its collection
   * ends.
   */
  private static long least(Jdk jdk, Collector collector) {
    return jdk.version() == 11 && collector == Collector.ZGC ? 1 : 16L << 20;
  }

  /** Returns the nanoseconds from the command to the phase RELEASED. */
  private static long release(Target target) throws IOException {
    List<PlanControl> plans = PlanControl.of(target.pid());
    assertThat(plans).hasSize(1);
    long nanos;
    try (PlanControl plan = plans.get(0)) {
      long start = System.nanoTime();
      plan.send(PlanCommand.RELEASE);
      assertThat(plan.await(last -> last.phase.isOver(), Patience.of(LIMIT).toMillis()).phase)
          .isEqualTo(Phase.RELEASED);
      nanos = System.nanoTime() - start;
    }
    Plans.awaitNoControlFile(target);
    return nanos;
  }
}
