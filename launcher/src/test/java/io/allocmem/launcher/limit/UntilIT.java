package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan that follows usage, under an application whose own live set swings by 30 % of the heap in
 * half a minute: what is alive of both together, by the application's own count and the plan's. For
 * 20 s; longer with {@code -Dallocmem.test.until=SECONDS}.
 */
class UntilIT {
  private static final int SECONDS = Integer.getInteger("allocmem.test.until", 20);

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
      pause(5000);
      long least = Long.MAX_VALUE;
      long most = 0;
      double lowest = 100;
      double highest = 0;
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      while (System.nanoTime() < end) {
        long applications = Long.parseLong(target.ask("live"));
        long live = Plans.status(target).get(Reading.COMMITTED) + applications;
        least = Math.min(least, applications);
        most = Math.max(most, applications);
        lowest = Math.min(lowest, live * 100.0 / capacity);
        highest = Math.max(highest, live * 100.0 / capacity);
        pause(100);
      }
      System.out.printf(
          "%s: until=85%% for %d s: %.1f to %.1f %%%n", jdk, SECONDS, lowest, highest);
      assertThat(most - least).as("the application swings").isGreaterThan(capacity / 10);
      assertThat(lowest).isGreaterThanOrEqualTo(82);
      assertThat(highest).isLessThanOrEqualTo(88);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void pause(int millis) {
    Awaitility.await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
  }
}
