package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of the status that belong to the JVM, not to a plan. */
class StatusIT {
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final String NOT_STARTED = "RSS BEFORE is of a JVM whose application had not";

  @ParameterizedTest
  @CsvSource({"'x=5,n=a', 1", "'x=5,n=a,w=300ms', 0"})
  void aStartUpPlanSaysThatTheApplicationHadNotStarted(String arguments, long atStartUp) {
    try (Target target = Target.startWithAgent(NEWEST, arguments)) {
      assertThat(Plans.await(target, "a", Phase.HOLDING).get(Reading.AT_START_UP))
          .isEqualTo(atStartUp);
      assertThat(status(target).contains("plan a: " + NOT_STARTED)).isEqualTo(atStartUp == 1);
      Plans.attach(target, "x=5,n=b");
      assertThat(Plans.await(target, "b", Phase.HOLDING).get(Reading.AT_START_UP)).isZero();
      assertThat(status(target)).doesNotContain("plan b: " + NOT_STARTED);
    }
  }

  /** The second plan has seen no collection, and measures no stalls. */
  @Test
  void theLiveHeapAndStallsAreOfThePlanThatKnowsAndRssIsReadOnce() {
    try (Target target = Target.start(NEWEST, "-XX:+UseSerialGC", "-Xmx512m")) {
      Plans.attach(target, "x=60,n=a,stalls=on");
      Plans.await(target, "a", Phase.HOLDING);
      assertThat(target.ask("gc")).isEqualTo("collected");
      Awaitility.await()
          .until(() -> Plans.status(target, "a").get(Reading.HEAP_LIVE) != Reading.UNKNOWN);
      Awaitility.await()
          .until(() -> Plans.status(target, "a").get(Reading.STALL_MAX) != Reading.UNKNOWN);
      Plans.attach(target, "x=30,n=b");
      Plans.await(target, "b", Phase.HOLDING);
      String status = status(target);
      Matcher header = Pattern.compile("RSS ([0-9.]+ MiB)  .* live ([0-9.]+) MiB").matcher(status);
      for (int look = 0; look < 5; look++) { // whichever plan has the newest status
        assertThat(status(target)).containsPattern("last second: p50 [0-9.]+ ms, p99 .* max [0-9]");
      }
      assertThat(header.find()).as(status).isTrue();
      assertThat(Double.parseDouble(header.group(2))).isBetween(90.0, 110.0);
      assertThat(status.lines().filter(line -> line.endsWith(header.group(1)))).hasSize(2);
      Plans.send(target, "a", PlanCommand.RELEASE);
      Awaitility.await().until(() -> !status(target).contains("stalls of"));
    }
  }

  private static String status(Target target) {
    return InProcess.run("status", target.pid()).out();
  }
}
