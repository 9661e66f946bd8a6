package io.allocmem.launcher.control;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The time at the target of a plan that releases blocks, since the application allocates. */
class TimeAtTargetIT {
  private static final long MIB = 1L << 20;
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);

  @Test
  void theStatusSaysForHowLongAndHowExactlyAPlanHeldItsTarget() throws Exception {
    String plan = "a=direct,m=1,x=60,keep-free=20%";
    try (Target target = Target.startWithAgent(NEWEST, plan, "-XX:MaxDirectMemorySize=100m")) {
      Plans.await(target, Phase.HOLDING);
      Status held = await(target, now -> now.get(Reading.TARGET_MILLIS) >= 500);
      assertThat(held.get(Reading.TARGET)).isEqualTo(60 * MIB);
      assertThat(held.get(Reading.ON_TARGET_MILLIS)).isEqualTo(held.get(Reading.TARGET_MILLIS));
      assertThat(held.get(Reading.LARGEST_DEVIATION)).isZero();

      target.ask("grow 30 direct");
      Status less =
          await(
              target,
              now -> now.get(Reading.TARGET_MILLIS) - now.get(Reading.ON_TARGET_MILLIS) > 1);
      assertThat(less.get(Reading.LARGEST_DEVIATION)).isGreaterThan(MIB);
      assertThat(InProcess.run("status", target.pid()).out())
          .containsPattern(
              "plan default: [\\d.]+ of [\\d.]+ s within 1 % of the target of 60 MiB,"
                  + " largest deviation \\d+ MiB \\(\\d+\\.\\d %\\)");
      Map<String, Object> json = InProcess.run("status", target.pid(), "--json").json();
      Map<?, ?> inJson = (Map<?, ?>) ((List<?>) json.get("plans")).get(0);
      assertThat(inJson.get("target")).isEqualTo((int) (60 * MIB));
      assertThat((int) inJson.get("largestDeviation")).isGreaterThan((int) MIB);
    }
  }

  private static Status await(Target target, Predicate<Status> condition) {
    return Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(20)))
        .until(() -> Plans.status(target), condition);
  }
}
