package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Speed of the heap against a loop of {@code new int[]} in a JVM with the same flags, and the time
 * for each small block. Runs with {@code -Pbenchmark}.
 */
class HeapBenchmark {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int MIB = 1024;
  private static final int ROUNDS = 7;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @TempDir private static Path classes;

  @BeforeAll
  static void build() {
    String source = "src/bench/BareLoop.java";
    String to = classes.toString();
    int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", to, source);
    assertThat(code).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"G1", "PARALLEL", "ZGC"})
  void oneThreadIsAsFastAsALoop(Collector collector) throws Exception {
    String what = "heap, %s, 1 thread, speed against a bare loop, %s".formatted(collector, NEWEST);
    Rounds rounds = rounds("m=1,f=1", 1, collector, 1);
    Table.add(Row.atLeast(0.97, what, rounds.ratios(loop(1), "plan")));
  }

  /**
   * With blocks of 16 MiB: an order from thread to thread takes as long as a small block. Against a
   * loop in one thread only shown, not judged: a loop in several threads may miss the same goal.
   */
  @ParameterizedTest
  @EnumSource(names = {"G1", "PARALLEL", "ZGC"})
  void allCoresAreNearlyAsFastAsALoop(Collector collector) throws Exception {
    Rounds rounds = rounds("m=16,f=1,t=cores", 16, collector, 1, CORES);
    Table.add(row(0.9, "heap", collector, CORES, rounds.ratios(loop(CORES), "plan")));
    Table.show(row(1.6, "heap", collector, 1, rounds.ratios(loop(1), "plan")));
    Table.show(row(1.6, "bare loop", collector, 1, rounds.ratios(loop(1), loop(CORES))));
  }

  private static Row row(
      double goal, String plan, Collector collector, int threads, List<Double> ratios) {
    String what =
        "%s, %s, %d threads, speed against a bare loop in %d threads, %s"
            .formatted(plan, collector, CORES, threads, NEWEST);
    return Row.atLeast(goal, what, ratios);
  }

  private static String loop(int threads) {
    return "loop in " + threads + " threads";
  }

  /** Returns the times of a plan and of loops, all with blocks of the same size. */
  private static Rounds rounds(String plan, int mib, Collector collector, int... threads)
      throws Exception {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms3g", "-Xmx3g")); // growth of the heap varies more than the loop
    Map<String, Rounds.Way> ways = new LinkedHashMap<>();
    ways.put("plan", () -> PlanTime.ofPlan(NEWEST, plan + ",x=" + MIB, flags));
    for (int each : threads) {
      ways.put(loop(each), () -> ofLoop(mib, each, flags));
    }
    return Rounds.of(ROUNDS, ways);
  }

  private static double ofLoop(int mib, int threads, List<String> flags) {
    return PlanTime.ofBareLoop(NEWEST, classes, flags, MIB / mib, mib << 20, threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 400_000})
  void smallBlocksTakeTheSameTimeHoweverMany(int blocks) throws Exception {
    String plan = "m=16k,x=%dk,f=0.25".formatted(blocks * 16);
    List<String> flags = List.of("-Xmx8g", "-XX:+UseG1GC");
    Rounds rounds =
        Rounds.of(3, Map.of("plan", () -> PlanTime.ofPlan(NEWEST, plan, flags) / blocks * 1e6));
    String what =
        "heap, %,d blocks of 16 KiB, f=0.25, for each block, %s".formatted(blocks, NEWEST);
    Table.add(Row.atMost(30, " µs", what, rounds.costs("plan")));
  }
}
