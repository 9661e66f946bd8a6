package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.area.FillRatioTable.Row;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.ForeignJdk;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fill ratio on the heap of aarch64 JVMs under user-mode emulation: nine plans in each JVM.
 *
 * <p>The emulator answers 0 to MADV_REMOVE and does nothing, and ZGC's pages need that advice. So
 * the plan must say there that the fill ratio is not enforced, and must show no figure.
 */
class Arm64FillRatioIT {
  private static final int TOTAL_MIB = 64;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration STEADY = Duration.ofMillis(300);
  private static final FillRatioTable TABLE = new FillRatioTable("fill-ratio-aarch64.md");

  @BeforeAll
  static void assumeAnEmulatedJdk() {
    ForeignJdk.assumeArm64();
  }

  static Stream<Arguments> enforced() {
    return jdksAndCollectors().filter(one -> !((Collector) one.get()[1]).hasPages());
  }

  static Stream<Arguments> notEnforced() {
    return jdksAndCollectors().filter(one -> ((Collector) one.get()[1]).hasPages());
  }

  private static Stream<Arguments> jdksAndCollectors() {
    return ForeignJdk.arm64()
        .flatMap(jdk -> Collector.of(jdk).stream().map(collector -> Arguments.of(jdk, collector)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("enforced")
  void residentIsTheTouchedShareOnAarch64(Jdk jdk, Collector collector) {
    try (Target target = waiting(jdk, collector)) {
      List<FillRatioCase> cases =
          Stream.of("0", "0.25", "1").map(fill -> caseOf(jdk, collector, target, fill)).toList();
      cases.forEach(FillRatioCase::fillAndCheck);
      cases.get(0).collectAndCheck();
      cases.forEach(one -> one.check(FillRatioCase.BLOCKS, "after three collections"));
      cases.forEach(FillRatioCase::checkContents);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("notEnforced")
  void aFillRatioThatIsNotEnforcedIsReportedAndHasNoFigure(Jdk jdk, Collector collector) {
    List<String> options = new ArrayList<>(options(collector));
    options.add("-javaagent:%s=m=1,x=64,f=0.25".formatted(Target.AGENT));
    try (Target target = Target.start(jdk, options.toArray(new String[0]))) {
      Status held = Plans.await(target, Phase.HOLDING);
      assertThat(held.message)
          .startsWith("fill ratio not enforced on the heap here: the kernel keeps the pages")
          .contains("emulation")
          .endsWith("; touched = committed");
      assertThat(held.get(Reading.TOUCHED)).isEqualTo(held.get(Reading.COMMITTED));
      assertThat(held.get(Reading.RESIDENT)).isEqualTo(Reading.UNKNOWN);
    }
  }

  @AfterAll
  static void writeTheTable() throws IOException {
    TABLE.write();
  }

  private static FillRatioCase caseOf(Jdk jdk, Collector collector, Target target, String fill) {
    return new FillRatioCase(
        new Row(jdk, ""), collector, target, nameOf(fill), TOTAL_MIB, fill, SOON, STEADY, TABLE);
  }

  /** Returns the beginning of the names of the three plans with this fill ratio. */
  private static String nameOf(String fill) {
    return "f" + fill.replace(".", "-");
  }

  private static Target waiting(Jdk jdk, Collector collector) {
    List<String> options = new ArrayList<>(options(collector));
    for (String fill : List.of("0", "0.25", "1")) {
      for (int mib : FillRatioCase.BLOCKS) {
        options.add(
            "-javaagent:%s=n=%sb%d,m=%d,x=%d,f=%s,b"
                .formatted(Target.AGENT, nameOf(fill), mib, mib, TOTAL_MIB, fill));
      }
    }
    return Target.start(jdk, options.toArray(new String[0]));
  }

  private static List<String> options(Collector collector) {
    List<String> options = new ArrayList<>(collector.flags());
    // reflection of the class HeldArrays
    options.addAll(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx2g"));
    options.add("-XX:TieredStopAtLevel=1");
    return options;
  }
}
