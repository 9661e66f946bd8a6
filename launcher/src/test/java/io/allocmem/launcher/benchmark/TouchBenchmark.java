package io.allocmem.launcher.benchmark;

import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Speed of native memory against a C program on the same kernel, in the better one of its two ways.
 * Runs with {@code -Pbenchmark}.
 */
class TouchBenchmark {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int MIB = 2048;
  private static final int ROUNDS = 9;
  private static final String PLAN = "m=16,x=" + MIB + ",a=native,f=1";

  @TempDir private static Path directory;
  private static Path touch;

  @BeforeAll
  static void build() throws Exception {
    touch = Gcc.buildBench("touch.c", directory.resolve("touch"), "-O2", "-pthread");
  }

  @Test
  void oneThreadIsAsFastAsC() throws Exception {
    compare("native, f=1, 1 thread, speed against C", 0.97, PLAN, 1, "int", "populate");
  }

  @Test
  void allCoresAreNearlyAsFastAsC() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    String what = "native, f=1, " + cores + " threads, speed against C";
    compare(what, 0.9, PLAN + ",t=cores", cores, "int", "populate");
  }

  @Test
  void hugePagesAreNearlyAsFastAsC() throws Exception {
    String what = "native, f=1, pages=huge, 1 thread, speed against C";
    compare(what, 0.9, PLAN + ",pages=huge", 1, "huge", "huge-populate");
  }

  private static void compare(
      String what, double goal, String plan, int threads, String way, String otherWay)
      throws Exception {
    Rounds rounds =
        Rounds.of(
            ROUNDS,
            Map.of(
                "plan",
                () -> PlanTime.ofPlan(NEWEST, plan, List.of()),
                way,
                () -> PlanTime.ofC(touch, way, MIB, threads),
                otherWay,
                () -> PlanTime.ofC(touch, otherWay, MIB, threads)));
    String best = rounds.best(way, otherWay);
    String row = "%s (%s), %s".formatted(what, best, NEWEST);
    Table.add(Row.atLeast(goal, row, rounds.ratios(best, "plan")));
  }
}
