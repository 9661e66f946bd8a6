package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.readings.OverheadLimit;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GC overhead limit of G1: a plan without a limit leaves the application, which allocates all the
 * time, more than the limit. GCTimeLimit is low, so the free heap alone decides.
 */
class OverheadLimitIT {
  private static final long MIB = 1L << 20;
  private static final long HEAP = 256 * MIB;

  /** Trace of the application, or line of the log of collections. */
  private static final Pattern ERROR =
      Pattern.compile("java.lang.OutOfMemoryError|GC Overhead Limit exceeded too often");

  /** Returns the oldest and the newest JDK that enforces the limit; with {@code -Plong} all. */
  static Stream<Jdk> jdks() {
    List<Jdk> all = Jdks.all().stream().filter(OverheadLimitIT::isEnforced).toList();
    return Boolean.getBoolean("allocmem.test.long") || all.isEmpty()
        ? all.stream()
        : Stream.of(all.get(0), all.get(all.size() - 1)).distinct();
  }

  private static boolean isEnforced(Jdk jdk) {
    try (Target target = Target.start(jdk)) {
      return OverheadLimit.isEnforcedByG1(target.ask("property java.version"));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jdks")
  void isNoErrorOfTheApplication(Jdk jdk) {
    try (Target target = start(jdk)) {
      String check = InProcess.run("check", target.pid(), "-x", "0").out();
      assertThat(check)
          .contains("throws an OutOfMemoryError in the application below 5.1 MiB of free heap")
          .contains("the plan waits (GUARDED) at 9.1 MiB");
      assertThat(InProcess.run("check", target.pid(), "-x", "50%").out())
          .doesNotContain("GCHeapFreeLimit");

      Plans.attach(target, "x=0,m=900k");
      Status status = Plans.await(target, Phase.GUARDED);
      assertThat(status.message)
          .startsWith("below 5.1 MiB of free heap (GCHeapFreeLimit), G1 of this JDK throws an");
      Patience.holds(
          Duration.ofSeconds(3), () -> assertThat(target.err()).doesNotContainPattern(ERROR));
      long held = Plans.status(target).get(Reading.COMMITTED);
      System.out.printf("%s: %d MiB of a heap of 256 MiB, 51 MiB live%n", jdk, held >> 20);
      assertThat(held).isGreaterThan(HEAP / 2);
    }
  }

  /**
   * Proves that {@link #isNoErrorOfTheApplication} can fail. In a full heap the application meets
   * the error by the limit, or for lack of room before five collections are over.
   */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jdks")
  void isOneIfThePlanMayRiskIt(Jdk jdk) {
    try (Target target = start(jdk)) {
      assertThat(InProcess.run("check", target.pid(), "-x", "0", "--oom", "allow").out())
          .contains("(GCHeapFreeLimit, GC overhead limit): --oom allow permits the risk");
      Plans.attach(target, "x=0,m=900k,oom=allow");
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(20)))
          .until(() -> ERROR.matcher(target.err()).find());
    }
  }

  private static Target start(Jdk jdk) {
    Target target =
        Target.start(
            jdk,
            "-XX:+UseG1GC",
            "-Xms256m",
            "-Xmx256m",
            "-XX:GCTimeLimit=50",
            "-Xlog:gc:stderr",
            "-XX:G1HeapRegionSize=1m");
    assertThat(target.ask("swing 20 20 60")).isEqualTo("swings");
    Awaitility.await().until(() -> Long.parseLong(target.ask("live")) > 50 * MIB);
    return target;
  }
}
