package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Counts of collections in a plan's status, with collectors that count both a cycle and its pauses.
 */
class CollectionsIT {
  private static final int ASKED = 20;
  private static final int CLOCK_TICK_MILLIS = 10;

  /** Returns the collectors with one count of cycles and one count of pauses. */
  static Stream<Arguments> collectors() {
    Set<Collector> two =
        EnumSet.of(Collector.ZGC, Collector.GENERATIONAL_ZGC, Collector.SHENANDOAH);
    return Jdks.all().stream()
        .flatMap(
            jdk ->
                Collector.of(jdk).stream().filter(two::contains).map(it -> Arguments.of(jdk, it)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("collectors")
  void eachIsCountedOnce(Jdk jdk, Collector collector) {
    String[] flags = collector.flags().toArray(new String[0]);
    try (Target target = Target.startWithAgent(jdk, "a=native,x=1", flags)) {
      Status before = Plans.await(target, Phase.HOLDING);
      for (int i = 0; i < ASKED; i++) {
        target.ask("gc");
      }
      Awaitility.await()
          .until(
              () ->
                  Plans.status(target).get(Reading.COLLECTIONS)
                      >= before.get(Reading.COLLECTIONS) + ASKED);
      Status after = Plans.status(target);
      System.out.printf(
          "%s %s: %d collections of %d, paused %d ms%n",
          jdk,
          collector,
          after.get(Reading.COLLECTIONS) - before.get(Reading.COLLECTIONS),
          ASKED,
          after.get(Reading.PAUSE_MILLIS) - before.get(Reading.PAUSE_MILLIS));
      assertThat(after.get(Reading.COLLECTIONS) - before.get(Reading.COLLECTIONS))
          .as("and hardly one that nobody asked for")
          .isBetween((long) ASKED, ASKED + ASKED / 4L);
    }
  }

  /** Returns all collectors of all JDKs, whose threads have different names. */
  static Stream<Arguments> allCollectors() {
    return Jdks.all().stream()
        .flatMap(jdk -> Collector.of(jdk).stream().map(it -> Arguments.of(jdk, it)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("allCollectors")
  void theirCpuTimeIsPartOfThatOfTheProcess(Jdk jdk, Collector collector) {
    String[] flags = collector.flags().toArray(new String[0]);
    try (Target target = Target.startWithAgent(jdk, "a=native,x=1", flags)) {
      long before = Plans.await(target, Phase.HOLDING).get(Reading.GC_CPU_MILLIS);
      Awaitility.await()
          .until(
              () -> {
                target.ask("gc");
                return Plans.status(target).get(Reading.GC_CPU_MILLIS) >= before + 50;
              });
      long collecting = Plans.status(target).get(Reading.GC_CPU_MILLIS);
      long all = target.process().info().totalCpuDuration().orElseThrow().toMillis();
      System.out.printf("%s %s: %d of %d ms of CPU time%n", jdk, collector, collecting, all);
      assertThat(collecting).isLessThanOrEqualTo(all + CLOCK_TICK_MILLIS);
    }
  }
}
