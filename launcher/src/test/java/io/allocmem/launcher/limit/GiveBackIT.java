package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plan releases blocks for live data of the application, not for garbage, and no more blocks
 * than necessary. All collectors of all JDKs with {@code -Plong -Dit.test=GiveBackIT}.
 */
class GiveBackIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final long MIB = 1L << 20;

  /** Time under test, with a young collection about each second. */
  private static final Duration STEADY = Duration.ofSeconds(ALL ? 8 : 4);

  static Stream<Arguments> plans(TestInfo test) {
    return collectors(test)
        .flatMap(
            one ->
                Stream.of("until=40%", "x=0,keep-free=60%", "x=300,e=20,then=rotate,keep-free=50%")
                    .map(plan -> Arguments.of(one.get()[0], one.get()[1], plan)));
  }

  /**
   * Returns a collector with rare old collections and a concurrent collector; with {@code -Plong}
   * all collectors.
   */
  static Stream<Arguments> collectors(TestInfo test) {
    List<Collector> some = List.of(Collector.SERIAL, Collector.ZGC);
    return (ALL ? Jdks.some(test) : Stream.of(NEWEST))
        .flatMap(jdk -> Collector.of(jdk).stream().map(one -> Arguments.of(jdk, one)))
        .filter(one -> ALL || some.contains(one.get()[1]));
  }

  private static String[] heap(Jdk jdk, Collector collector) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms1g", "-Xmx1g"));
    boolean hasYoung = collector == Collector.SERIAL || collector == Collector.PARALLEL;
    if (hasYoung || collector == Collector.CMS) {
      flags.add("-Xmn700m"); // more garbage than the plan's share before the first collection
    }
    return flags.toArray(new String[0]);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("plans")
  void garbageTakesNoBlockAway(Jdk jdk, Collector collector, String plan) {
    try (Target target = Target.startWithAgent(jdk, plan, heap(jdk, collector))) {
      assertThat(target.ask("garbage 8 100")).isEqualTo("makes garbage");
      Awaitility.await()
          // the first collection identifies the garbage
          .atMost(Patience.of(Duration.ofSeconds(60)))
          .until(() -> Plans.status(target).get(Reading.COMMITTED) > 290 * MIB);
      LongSummaryStatistics held = new LongSummaryStatistics();
      Patience.holds(STEADY, () -> held.accept(Plans.status(target).get(Reading.COMMITTED)));
      System.out.printf(
          "%s %s %s: %d to %d MiB%n",
          jdk, collector, plan, held.getMin() >> 20, held.getMax() >> 20);
      assertThat(held.getMin()).as(target.err()).isGreaterThan(250 * MIB);
      assertThat(held.getMax()).isLessThan(450 * MIB);
    }
  }

  /**
   * The application's live set grows by 200 MiB at once; young collections show this growth as
   * well.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("collectors")
  void whatTheApplicationTakesGoesBackOnce(Jdk jdk, Collector collector) {
    try (Target target = Target.startWithAgent(jdk, "until=50%", heap(jdk, collector))) {
      assertThat(target.ask("garbage 8 100")).isEqualTo("makes garbage");
      // before the collection, garbage counts as used
      assertThat(target.ask("gc")).isEqualTo("collected");
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(60)))
          .until(() -> Plans.status(target).get(Reading.COMMITTED) > 440 * MIB);
      long before = Plans.status(target).get(Reading.COMMITTED);
      assertThat(target.ask("garbage 200 1")).isEqualTo("makes garbage");
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(30)))
          .until(() -> Plans.status(target).get(Reading.COMMITTED) < 400 * MIB);
      LongSummaryStatistics held = new LongSummaryStatistics();
      Patience.holds(STEADY, () -> held.accept(Plans.status(target).get(Reading.COMMITTED)));
      System.out.printf(
          "%s %s: %d MiB, least %d with 200 MiB less room%n",
          jdk, collector, before >> 20, held.getMin() >> 20);
      assertThat(held.getMin()).isGreaterThan(120 * MIB);
    }
  }

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFatalFlagCountsFromWhenItIsSet(Jdk jdk) throws IOException {
    try (Target target = startWithoutFlag(jdk, "x=0,e=20")) {
      Awaitility.await().until(() -> Plans.status(target).get(Reading.COMMITTED) > 40 * MIB);
      Plans.send(target, "default", PlanCommand.PAUSE);
      setFlag(jdk, target);
      Plans.send(target, "default", PlanCommand.RESUME);
      Status status = Plans.await(target, Phase.GUARDED);
      assertThat(status.message)
          .startsWith("one more block could end in an OutOfMemoryError, which is fatal");
      assertThat(status.get(Reading.COMMITTED)).isBetween(80 * MIB, 116 * MIB);
      assertThat(target.ask("gc")).isEqualTo("collected");
      assertThat(dumps()).isEmpty();
    }
  }

  /** The plan holds more than the flag permits. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanThatIsTooNearThenGivesBack(Jdk jdk) throws IOException {
    try (Target target = startWithoutFlag(jdk, "x=114")) {
      Plans.await(target, Phase.HOLDING);
      assertThat(target.ask("gc")).isEqualTo("collected");
      setFlag(jdk, target);
      Awaitility.await().until(() -> Plans.status(target).get(Reading.COMMITTED) < 112 * MIB);
      assertThat(Plans.status(target).get(Reading.COMMITTED)).isGreaterThan(80 * MIB);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(dumps()).isEmpty();
    }
  }

  private Target startWithoutFlag(Jdk jdk, String plan) {
    return Target.startWithAgent(
        jdk, plan, "-Xmx128m", "-XX:+UseSerialGC", "-Xmn8m", "-XX:HeapDumpPath=" + directory);
  }

  /** Sets the flag as an operator would; jcmd of JDK 8 lacks such a command. */
  private static void setFlag(Jdk jdk, Target target) throws IOException {
    String flag = "HeapDumpOnOutOfMemoryError";
    if (jdk.version() == 8) {
      Tool.run(jdk, "jinfo", "-flag", "+" + flag, target.pid());
    } else {
      Tool.run(jdk, "jcmd", target.pid(), "VM.set_flag", flag, "1");
    }
    assertThat(target.ask("flag " + flag)).isEqualTo("true");
  }

  private List<String> dumps() {
    return List.of(new File(directory.toString()).list());
  }
}
