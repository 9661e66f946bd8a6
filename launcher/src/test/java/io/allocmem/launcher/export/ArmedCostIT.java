package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.GuestCost;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cost of an armed agent without a plan for its JVM, beyond an agent without any effect. The limits
 * stand a little above the measured figures.
 */
class ArmedCostIT {
  private static final int ROUNDS = 5;
  private static final int MOST_CLASSES = 150;
  private static final long MOST_RSS = 2 << 20;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void loadsFewClasses(Jdk jdk) throws IOException {
    int empty = GuestCost.classesAtStartUp(jdk, GuestCost.NONE);
    int classes = GuestCost.classesOfArmed(jdk) - empty;
    System.out.printf("%s, armed: %d classes beyond an empty agent%n", jdk, classes);
    assertThat(classes).isLessThanOrEqualTo(MOST_CLASSES);
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theResidentSetGrowsLittle(Jdk jdk) throws IOException {
    long empty = GuestCost.rssAtStartUp(jdk, GuestCost.NONE, ROUNDS);
    long rss = GuestCost.rssAtStartUp(jdk, "armed", ROUNDS) - empty;
    System.out.printf("%s, armed: %d KiB of RSS beyond an empty agent%n", jdk, rss >> 10);
    assertThat(rss).isLessThan(MOST_RSS);
  }
}
