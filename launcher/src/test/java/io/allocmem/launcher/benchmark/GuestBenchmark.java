package io.allocmem.launcher.benchmark;

import io.allocmem.launcher.fixtures.GuestCost;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cost of a small plan for its JVM, as rows of the table; {@code GuestCostIT} holds the limits.
 * Runs with {@code -Pbenchmark}.
 */
class GuestBenchmark {
  private static final int ROUNDS = Rounds.atMost(3);
  private static final double MIB = 1 << 20;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#lastingAndNewest")
  void aPlanCostsItsJvmLittle(Jdk jdk) throws IOException {
    int emptyClasses = GuestCost.classesAtStartUp(jdk, GuestCost.NONE);
    GuestCost.Attach empty = GuestCost.ofAttach(jdk, GuestCost.NONE);
    double emptyRss = GuestCost.rss(jdk, GuestCost.NONE, ROUNDS) / MIB;
    for (String area : List.of("native", "heap")) {
      boolean heap = area.equals("heap");
      String where = " beyond an empty agent, " + area + ", " + jdk;
      double classes = GuestCost.classesAtStartUp(jdk, area) - emptyClasses;
      Table.show(Row.atMost(heap ? 400 : 250, "", "classes" + where, List.of(classes)));
      double garbage = GuestCost.ofAttach(jdk, area).beyond(empty).bytes() / MIB;
      Table.show(Row.atMost(1, " MiB", "garbage of an attach" + where, List.of(garbage)));
      double rss = GuestCost.rss(jdk, area, ROUNDS) / MIB - emptyRss;
      double goal = jdk.version() > 25 ? 12 : heap ? 5 : jdk.version() == 25 ? 4 : 3;
      Table.show(Row.atMost(goal, " MiB", "RSS" + where, List.of(rss)));
    }
  }
}
