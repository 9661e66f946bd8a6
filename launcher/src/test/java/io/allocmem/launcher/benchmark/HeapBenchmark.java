package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
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
    Table.add(Row.atLeast(0.97, what, speeds("m=1,x=" + MIB + ",f=1", 1, collector)));
  }

  /**
   * With blocks of 16 MiB: an order from thread to thread takes as long as a small block. Only
   * shown, not judged, since two threads are not yet as fast as they shall be.
   */
  @ParameterizedTest
  @EnumSource(names = {"G1", "PARALLEL", "ZGC"})
  void allCoresAreFasterThanALoop(Collector collector) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    String what =
        "heap, %s, %d threads, speed against a bare loop in one thread, %s"
            .formatted(collector, cores, NEWEST);
    String plan = "m=16,x=" + MIB + ",f=1,t=cores";
    Table.show(Row.atLeast(1.6, what, speeds(plan, 16, collector)));
  }

  /** Returns the speeds of a plan against the loop, with blocks of the same size. */
  private static List<Double> speeds(String plan, int mib, Collector collector) throws Exception {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms3g", "-Xmx3g")); // growth of the heap varies more than the loop
    Rounds rounds =
        Rounds.of(
            ROUNDS,
            Map.of(
                "plan", () -> PlanTime.ofPlan(NEWEST, plan, flags),
                "loop", () -> PlanTime.ofBareLoop(NEWEST, classes, MIB / mib, mib << 20, flags)));
    return rounds.ratios("loop", "plan");
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
