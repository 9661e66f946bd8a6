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
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stalls of the agent's probe against a recorder with the algorithm of jHiccup, in the same JVM and
 * over the same time. Full collections of a large live set make pauses of tens of milliseconds or
 * more. Isolated: if both threads wait for a processor after a pause, one of them is later.
 */
@Isolated
class StallsIT {
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  /** Each collector on each JDK, by hand. */
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.all");

  /** One collector for each JDK, in the long form. */
  private static final Map<Integer, Collector> CHOSEN =
      Map.of(17, Collector.G1, 21, Collector.PARALLEL, 25, Collector.SERIAL);

  private static final int COLLECTIONS = LONG ? 40 : 20;
  private static final int BETWEEN_MILLIS = 80;

  static Stream<Arguments> jvms() {
    return Jdks.all().stream()
        .filter(jdk -> CHOSEN.containsKey(jdk.version()))
        .flatMap(
            jdk ->
                Stream.of(Collector.SERIAL, Collector.PARALLEL, Collector.G1)
                    .filter(collector -> ALL || CHOSEN.get(jdk.version()) == collector)
                    .filter(collector -> ALL || LONG || jdk.version() == 25)
                    .map(collector -> Arguments.of(jdk, collector)));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jvms")
  void percentilesAreThoseOfJHiccup(Jdk jdk, Collector collector) throws Exception {
    Path library =
        Path.of(Histogram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String withLibrary = "-Xbootclasspath/a:" + library;
    String[] flags = {collector.flags().get(0), "-Xmx300m", "-Xms300m", withLibrary};
    try (Target target = Target.start(jdk, flags)) {
      target.ask("nodes 2000");
      Plans.attach(target, "a=native,x=1,stalls=on");
      Plans.await(target, Phase.HOLDING);
      target.ask("hiccups");
      target.ask("collect " + COLLECTIONS + " " + BETWEEN_MILLIS);
      Thread.sleep(500); // the probe has published the last collection
      Status agent = Plans.status(target);
      compare(jdk + " " + collector, agent, target.ask("hiccuped").split(" "));
    }
  }

  /** The whole comparison is that of p99; the other figures are for the reader of the log. */
  private static void compare(String jvm, Status agent, String[] hiccup) {
    System.out.printf(
        "%s, µs: p50 %d and %s, p99 %d and %s, p99.9 %d and %s, longest %d and %s%n",
        jvm,
        agent.get(Reading.STALL_P50_IN_ALL),
        hiccup[0],
        agent.get(Reading.STALL_P99_IN_ALL),
        hiccup[1],
        agent.get(Reading.STALL_P999_IN_ALL),
        hiccup[2],
        agent.get(Reading.STALL_MAX_IN_ALL),
        hiccup[3]);
    long p99 = Long.parseLong(hiccup[1]);
    assertThat(p99).as("pauses of collections").isGreaterThan(5000);
    assertThat(agent.get(Reading.STALL_P99_IN_ALL)).isCloseTo(p99, Percentage.withPercentage(5));
  }
}
