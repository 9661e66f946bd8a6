package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.LongSummaryStatistics;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plan that follows usage. The application's live set swings by 30 % of the heap in half a minute;
 * the test adds the live bytes of the application and the plan. Duration: 15 s, or {@code
 * -Dallocmem.test.until=SECONDS}.
 */
class UntilIT {
  private static final int SECONDS = Integer.getInteger("allocmem.test.until", 15);

  static Stream<Jdk> anOldAndTheNewest() {
    Jdk newest = Jdks.all().get(Jdks.all().size() - 1);
    return Jdks.all().stream().filter(jdk -> jdk.version() == 17 || jdk == newest);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("anOldAndTheNewest")
  void applicationAndPlanTogetherStayAtTheirShareOfTheHeap(Jdk jdk) {
    try (Target target = Target.startWithAgent(jdk, "until=85%,b", "-Xmx512m", "-XX:+UseG1GC")) {
      Plans.await(target, Phase.WAITING);
      assertThat(target.ask("swing 15 45 60")).isEqualTo("swings");
      long capacity = Plans.fill(target, "default").get(Reading.HEAP_MAX);
      Awaitility.await().until(() -> share(target, capacity) > 82 && share(target, capacity) < 88);
      LongSummaryStatistics applications = new LongSummaryStatistics();
      DoubleSummaryStatistics shares = new DoubleSummaryStatistics();
      Patience.holds(
          Duration.ofSeconds(SECONDS),
          () -> {
            applications.accept(live(target));
            shares.accept(share(target, capacity));
          });
      System.out.printf(
          "%s: until=85%% for %d s: %.1f to %.1f %%%n",
          jdk, SECONDS, shares.getMin(), shares.getMax());
      assertThat(applications.getMax() - applications.getMin())
          .as("the application swings")
          .isGreaterThan(capacity / 10);
      assertThat(shares.getMin()).isGreaterThanOrEqualTo(82);
      assertThat(shares.getMax()).isLessThanOrEqualTo(88);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static long live(Target target) {
    return Long.parseLong(target.ask("live"));
  }

  /** Returns the live bytes of application and plan as a percentage of the heap. */
  private static double share(Target target, long capacity) {
    return (Plans.status(target).get(Reading.COMMITTED) + live(target)) * 100.0 / capacity;
  }
}
