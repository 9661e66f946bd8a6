package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Patterns at the limit, measured by the kernel's count. */
class ShapeIT {
  private static final Duration HOLD = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long MIB = 1L << 20;

  /** Change of the resident set caused by the JVM itself. */
  private static final long NOISE = 8 * MIB;

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aRotatingPlanStaysAtItsLimitWhileItsBlocksAreNewAndNew(Jdk jdk) {
    try (Target target =
        Target.startWithAgent(jdk, "a=native,m=4,x=100,then=rotate,e=5", "-Xmx64m")) {
      Status start = Plans.await(target, Phase.ROTATING);
      Patience.holds(
          Duration.ofSeconds(1),
          () -> {
            assertThat(Plans.status(target).get(Reading.COMMITTED)).isBetween(96 * MIB, 100 * MIB);
            assertThat(target.rss() - start.get(Reading.RSS_BEFORE))
                .isBetween(96 * MIB - NOISE, 104 * MIB + NOISE);
          });
    }
  }

  /** Small blocks are parts of one allocation; the kernel takes back each part nevertheless. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aRampDownGivesBlockByBlockBackToTheKernel(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(jdk, "a=native,m=1,x=200,then=ramp-down,hold=1s,e=10", "-Xmx64m")) {
      Status full = Plans.await(target, Phase.HOLDING);
      List<Long> rss = new ArrayList<>();
      while (!target.controlFiles().isEmpty()) {
        Status before = Plans.status(target);
        long grown = target.rss() - full.get(Reading.RSS_BEFORE);
        Status after = Plans.status(target);
        if (after != null && before.phase == Phase.RAMPING_DOWN) {
          rss.add(
              Math.max(
                  grown - before.get(Reading.COMMITTED), after.get(Reading.COMMITTED) - grown));
        }
      }
      assertThat(rss).hasSizeGreaterThan(10).allMatch(off -> off < 30 * MIB);
      assertThat(target.rss() - full.get(Reading.RSS_BEFORE)).isBetween(-NOISE, NOISE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aSawToothFillsAndReleasesAgainAndAgain(Jdk jdk) {
    try (Target target =
        Target.startWithAgent(jdk, "a=native,m=10,x=100,then=cycle,hold=300ms,e=10", "-Xmx64m")) {
      long before = Plans.await(target, Phase.HOLDING).get(Reading.RSS_BEFORE);
      int teeth = 0;
      boolean high = false;
      long beginning = System.nanoTime();
      while (teeth < 4 && System.nanoTime() - beginning < Patience.of(LIMIT).toNanos()) {
        long grown = target.rss() - before;
        teeth += high && grown < 50 * MIB ? 1 : 0;
        high = grown > 50 * MIB;
        assertThat(grown).isLessThan(100 * MIB + NOISE);
      }
      assertThat(teeth).isEqualTo(4);
      assertThat(System.nanoTime() - beginning)
          .as("each is held")
          .isGreaterThan(3 * HOLD.toNanos());
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Ten blocks have nine gaps. The launcher does not know the capacity behind a percentage. */
  @Test
  void aTimeToAShareBecomesADelayInTheJvm() {
    Jdk jdk = Jdks.launchers().findFirst().orElseThrow();
    try (Target target =
        Target.startWithAgent(
            jdk, "a=direct,m=10,x=50%,over=1800ms", "-Xmx64m", "-XX:MaxDirectMemorySize=200m")) {
      Status held = Plans.await(target, Phase.HOLDING);
      assertThat(held.arguments).contains(",x=100m,", ",e=200ms,").doesNotContain("over");
      assertThat(held.get(Reading.BLOCKS)).isEqualTo(10);
    }
  }
}
