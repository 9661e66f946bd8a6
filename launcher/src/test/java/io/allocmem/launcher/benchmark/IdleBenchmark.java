package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CPU time of the thread of an idle plan that holds 2 GiB, by the kernel's scheduler. Prints the
 * figure without an assertion. Runs with {@code -Pbenchmark}.
 */
class IdleBenchmark {
  /** The longest interval between two checks of all blocks. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  static Stream<Arguments> newestWithEachCollector() {
    Jdk newest = Jdks.all().get(Jdks.all().size() - 1);
    return Collector.of(newest).stream().map(collector -> Arguments.of(newest, collector));
  }

  /** Runs concurrently: other load of the machine does not change CPU time. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("newestWithEachCollector")
  void printsTheCpuShareOfAnIdlePlanOfTwoGibibytes(Jdk jdk, Collector collector)
      throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-Xmx5g");
    try (Target target =
        Target.startWithAgent(jdk, "x=2048,f=0.25", flags.toArray(new String[0]))) {
      Plans.await(target, Phase.HOLDING);
      Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
      long start = System.nanoTime();
      long cpu = target.cpuNanosOfPlans();
      Awaitility.await().pollDelay(IDLE).timeout(IDLE.multipliedBy(2)).until(() -> true);
      double share = (target.cpuNanosOfPlans() - cpu) * 100.0 / (System.nanoTime() - start);
      System.out.printf(
          "%s %s: an idle plan of 2 GiB takes %.2f %% of a core%n", jdk, collector, share);
      assertThat(Plans.status(target).get(Reading.RESIDENT)).isBetween(500L << 20, 520L << 20);
    }
  }
}
