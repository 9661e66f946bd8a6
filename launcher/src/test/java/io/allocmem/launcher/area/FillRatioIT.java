package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.area.FillRatioTable.Row;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Folios;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fill ratio on the Java heap is exact and stays exact, on each JDK and collector. Plans of 512
 * MiB have blocks of 1, 3 and 100 MiB; the kernel counts at the moment of the test. Each build runs
 * a short form on the oldest and the newest JDK; {@code -Pmatrix} runs all.
 */
class FillRatioIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final long MIB = 1L << 20;
  private static final List<Integer> BLOCKS = FillRatioCase.BLOCKS;

  /**
   * Time limit of an exact count. A question to the target allocates memory and may cause a
   * collection. If a collection comes during a check, the next check begins after four times the
   * length of the first: seconds, where a page costs the kernel 15 microseconds.
   */
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Duration of an exact count after a collection, beside concurrent collectors. */
  private static final Duration STEADY = Duration.ofMillis(ALL ? 1000 : 300);

  /**
   * Time until the plan corrects pages. khugepaged joins 16 MiB of pages to huge pages each ten
   * seconds; the released pages between them become resident again.
   */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(60);

  private static final FillRatioTable TABLE = new FillRatioTable("fill-ratio.md");

  static Stream<Arguments> jdksCollectorsAndFills() {
    return jdksAndCollectors()
        .flatMap(
            one ->
                (ALL ? Stream.of("0", "0.25", "1") : Stream.of("0.25"))
                    .map(fill -> Arguments.of(one.get()[0], one.get()[1], fill)));
  }

  static Stream<Arguments> jdksAndCollectors() {
    return Jdks.ofTable()
        .flatMap(jdk -> Collector.of(jdk).stream().map(collector -> Arguments.of(jdk, collector)));
  }

  static Stream<Arguments> verified() {
    return jdksAndCollectors().filter(one -> ALL || one.get()[1] == Collector.G1);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksCollectorsAndFills")
  void residentIsTheTouchedShareWhateverTheCollectorDoes(Jdk jdk, Collector collector, String fill)
      throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    try (Target target = waiting(jdk, flags, fill, BLOCKS)) {
      FillRatioCase one = caseOf(new Row(jdk, ""), collector, target, fill, SOON);
      one.fillAndCheck();
      one.collectAndCheck();
      if (fill.equals("0.25")) {
        assertThat(target.ask("load " + (ALL ? 10 : 2) + " 256 0"))
            .matches("load of \\d+ MiB: 0 pieces corrupt");
        one.check(BLOCKS, "after a load");
      }
      one.checkContents();
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("verified")
  void theJvmsOwnHeapVerificationFindsNothing(Jdk jdk, Collector collector) throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(
        List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            // keeps the output of the verification in JDK 8 out of stdout
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+VerifyBeforeGC",
            "-XX:+VerifyAfterGC",
            "-XX:+ZVerifyObjects",
            "-XX:+ZVerifyRoots"));
    try (Target target = waiting(jdk, flags, "0.25", List.of(3))) {
      Plans.fill(target, "b3");
      for (int round = 0; round < 3; round++) {
        assertThat(target.ask("gc")).isEqualTo("collected");
      }
      assertThat(target.ask("still there")).isEqualTo("echo still there");
    }
  }

  static Stream<Arguments> jdksAndFlags() {
    return Jdks.ofTable()
        .filter(jdk -> ALL || jdk.version() >= 17)
        .flatMap(
            jdk ->
                Stream.of(
                        "-XX:+UseTransparentHugePages",
                        "-XX:+AlwaysPreTouch",
                        "-XX:-UseCompressedOops")
                    .map(flag -> Arguments.of(jdk, flag)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksAndFlags")
  void flagsOfTheHeapMakeNoDifference(Jdk jdk, String flag) throws IOException {
    List<String> flags = new ArrayList<>(Collector.PARALLEL.flags());
    flags.addAll(List.of("-XX:+UnlockExperimentalVMOptions", flag));
    try (Target target = waiting(jdk, flags, "0.25", BLOCKS)) {
      Duration patience = flag.contains("HugePages") ? NEXT_LOOK : SOON;
      FillRatioCase one = caseOf(new Row(jdk, flag), Collector.PARALLEL, target, "0.25", patience);
      one.fillAndCheck();
      one.collectAndCheck();
      one.checkContents();
    }
  }

  static Stream<Arguments> jdksWithTwoKindsOfHeaders() {
    return jdksAndCollectors()
        .filter(one -> ((Jdk) one.get()[0]).version() >= 25)
        .filter(one -> ALL || one.get()[1] == Collector.PARALLEL);
  }

  /** Compact object headers are off by default in 25 and 26, and on from 27. */
  @ParameterizedTest(allowZeroInvocations = true)
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksWithTwoKindsOfHeaders")
  void theOtherHeadersOfObjectsMakeNoDifference(Jdk jdk, Collector collector) throws IOException {
    boolean compact = jdk.version() < 27;
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-XX:%sUseCompactObjectHeaders".formatted(compact ? "+" : "-"));
    try (Target target = waiting(jdk, flags, "0.25", BLOCKS)) {
      Row row = new Row(jdk, compact ? "compact headers" : "no compact headers");
      FillRatioCase one = caseOf(row, collector, target, "0.25", SOON);
      one.fillAndCheck();
      one.collectAndCheck();
      one.checkContents();
    }
  }

  static Stream<Arguments> collectorsThatMoveEachArray() {
    Jdk newest = Jdks.all().get(Jdks.all().size() - 1);
    return (ALL ? Stream.of(Collector.SERIAL, Collector.PARALLEL) : Stream.<Collector>of())
        .map(collector -> Arguments.of(newest, collector));
  }

  /**
   * The kernel gives 64 KiB at one fault where a part of 2 MiB is in RAM: arrays move to the place
   * of released blocks, and their untouched part is released anew, up to any page.
   */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("collectorsThatMoveEachArray")
  void foliosOf64KibMakeNoDifference(Jdk jdk, Collector collector) throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-XX:+UseTransparentHugePages");
    try (Folios folios = Folios.of64KibWhereAdvised();
        Target target = waiting(jdk, flags, "0.25", BLOCKS)) {
      FillRatioCase one =
          caseOf(new Row(jdk, "64 KiB folios"), collector, target, "0.25", NEXT_LOOK);
      one.fillAndCheck();
      one.collectAndCheck();
      Plans.send(target, "b1", PlanCommand.RELEASE);
      Awaitility.await().until(() -> Plans.status(target, "b1") == null);
      assertThat(target.ask("gc")).isEqualTo("collected");
      one.check(List.of(3, 100), "after a move");
      System.out.printf("%s %s: %d folios of 64 KiB%n", jdk, collector, folios.taken());
      assertThat(folios.taken()).as("folios of 64 KiB").isGreaterThan(1000);
    }
  }

  @AfterAll
  static void writeTheTable() throws IOException {
    TABLE.write();
  }

  private static FillRatioCase caseOf(
      Row row, Collector collector, Target target, String fill, Duration patience) {
    return new FillRatioCase(row, collector, target, "", 512, fill, patience, STEADY, TABLE);
  }

  /** Starts a JVM with a waiting plan of 512 MiB for each block size. */
  private static Target waiting(Jdk jdk, List<String> flags, String fill, List<Integer> blocks) {
    List<String> options = new ArrayList<>(flags);
    options.add("-Xmx4g");
    if (jdk.version() >= 9) {
      // reflection of the class HeldArrays
      options.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    for (int mib : blocks) {
      options.add("-javaagent:%s=n=b%d,m=%d,x=512,f=%s,b".formatted(Target.AGENT, mib, mib, fill));
    }
    return Target.start(jdk, options.toArray(new String[0]));
  }
}
