package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.GuestCost;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cost of a small plan for its JVM, beyond an agent without any effect: classes, garbage and
 * resident set. The limits stand a little above the measured figures, on each JDK.
 */
class GuestCostIT {
  private static final List<String> AREAS = List.of("native", "heap");

  private static final int ROUNDS = 3;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void aPlanAtStartUpLoadsFewClasses(Jdk jdk) throws IOException {
    int empty = GuestCost.classesAtStartUp(jdk, GuestCost.NONE);
    for (String area : AREAS) {
      int classes = GuestCost.classesAtStartUp(jdk, area) - empty;
      System.out.printf("%s %s: %d classes beyond an empty agent%n", jdk, area, classes);
      assertThat(classes).as(area).isLessThan(mostClasses(jdk));
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void anAttachLoadsFewClassesAndMakesLittleGarbage(Jdk jdk) throws IOException {
    GuestCost.Attach empty = GuestCost.ofAttach(jdk, GuestCost.NONE);
    for (String area : AREAS) {
      GuestCost.Attach cost = GuestCost.ofAttach(jdk, area).beyond(empty);
      System.out.printf(
          "%s %s: %d classes and %d KiB of heap beyond an attach of an empty agent%n",
          jdk, area, cost.classes(), cost.bytes() >> 10);
      assertThat(cost.classes()).as(area).isLessThan(mostClassesOfAttach(jdk));
      assertThat(cost.bytes()).as(area).isLessThan(mostGarbage(jdk));
    }
  }

  /** Returns the limit of a plan on the heap, which needs some classes more. */
  private static int mostClasses(Jdk jdk) {
    switch (jdk.version()) {
      case 8:
        return 370;
      case 11:
        return 385;
      case 17:
      case 21:
        return 355;
      case 25:
        return 320;
      default:
        return 330;
    }
  }

  /**
   * Returns the limit. An attach adds the JDK's classes of lambdas, for the export of a package to
   * the agent; at start-up the JVM itself has loaded most of these classes.
   */
  private static int mostClassesOfAttach(Jdk jdk) {
    switch (jdk.version()) {
      case 8:
      case 21:
        return 395;
      case 11:
      case 17:
        return 485;
      default:
        return 375;
    }
  }

  /**
   * Returns the limit. JDK 8 copies the bytes of each class for the agents of the JVM; on JDK 11, a
   * bean of a memory pool makes its names by method handles.
   */
  private static long mostGarbage(Jdk jdk) {
    switch (jdk.version()) {
      case 8:
        return 2750 << 10;
      case 11:
        return 1950 << 10;
      default:
        return 1600 << 10;
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theResidentSetGrowsLittle(Jdk jdk) throws IOException {
    long empty = GuestCost.rss(jdk, GuestCost.NONE, ROUNDS);
    for (String area : AREAS) {
      long rss = GuestCost.rss(jdk, area, ROUNDS) - empty;
      System.out.printf("%s %s: %d KiB of RSS beyond an empty agent%n", jdk, area, rss >> 10);
      assertThat(rss).as(area).isLessThan(mostRss(jdk));
    }
  }

  /**
   * Returns the limit: metaspace, garbage of the attach, and two threads. From JDK 25 on, the first
   * compilation of a method with loops by C2 may leave 7 MB in the arena of the compiler's thread
   * (malloc); the method is one of the JDK.
   */
  private static long mostRss(Jdk jdk) {
    switch (jdk.version()) {
      case 8:
        return 8 << 20;
      case 11:
        return 10 << 20;
      case 17:
      case 21:
        return 7 << 20;
      default:
        return 13 << 20;
    }
  }
}
