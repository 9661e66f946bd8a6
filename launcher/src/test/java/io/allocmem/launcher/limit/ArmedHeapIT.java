package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An armed agent starts a plan in a heap without any room, where an attach is impossible: 12 heaps
 * for each JDK with {@code -Plong}.
 */
class ArmedHeapIT {
  private static final List<Integer> SIZES = List.of(1 << 10, 64 << 10, 1 << 20);
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  static Stream<Arguments> heaps() {
    List<Collector> collectors =
        List.of(Collector.SERIAL, Collector.PARALLEL, Collector.G1, Collector.ZGC);
    return Jdks.lastingAndNewest()
        .filter(jdk -> jdk.version() >= 17)
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(collectors::contains)
                    .filter(one -> one != Collector.SERIAL || jdk.version() < 26) // refused
                    .flatMap(
                        collector ->
                            SIZES.stream()
                                .filter(size -> LONG || isShort(collector, size))
                                .map(size -> Arguments.of(jdk, collector, size))));
  }

  private static boolean isShort(Collector collector, int size) {
    return collector == Collector.G1 && size == 64 << 10;
  }

  /** Closing the file needs room on the heap as well. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void anArmedAgentWithoutAPlanEndsInAFullHeap(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", "-Xmx256m")) {
      assertThat(target.ask("fill 65536")).isEqualTo("full");
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(target.controlFiles()).isEmpty();
      assertThat(target.process().isAlive()).isTrue();
      assertThat(target.err()).doesNotContain("Exception", "Error");
    }
  }

  /**
   * The application takes the room of the reserve at the moment of the request. The plan starts, or
   * is refused, or gets no answer in time; the agent takes plans again afterwards. Not shown is
   * that each such plan works: a class of the agent may be lost.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theAgentStaysIfTheApplicationTakesAllRoom(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", "-Xmx256m", "-XX:+UseSerialGC")) {
      assertThat(target.ask("grab 65536")).isEqualTo("full");
      for (int round = 0; round < 2; round++) {
        Cli result = InProcess.run("attach", target.pid(), "-x", 1, "-m", 1, "-a", "native");
        System.out.printf("%s, no room: %d %s%n", jdk, result.code(), result.out().strip());
        assertThat(result.code() == 0 || isRefusal(result.out())).as(result.out()).isTrue();
        assertThat(ArmedState.orNull(target.pid())).isNotNull();
      }
      assertThat(target.ask("hello")).as(target.err()).isEqualTo("freed");
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(60)))
          .until(() -> isAnswered(InProcess.run("attach", target.pid(), "-x", 1, "-n", "later")));
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(target.process().isAlive()).isTrue();
    }
  }

  /** A heap of this size has no reserve. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aSmallHeapTakesAPlanWhereAnErrorIsFatal(Jdk jdk) throws IOException {
    try (Target target =
        Armed.start(jdk, "armed", "-Xmx40m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")) {
      InProcess.run("attach", target.pid(), "-x", 2, "-m", 1, "-a", "native").done();
      InProcess.run("release", target.pid()).done();
      assertThat(target.process().isAlive()).isTrue();
    }
  }

  private static boolean isAnswered(Cli result) {
    return result.code() == 0 || result.out().contains("the agent in");
  }

  private static boolean isRefusal(String error) {
    return error.contains("the heap is too full to start a plan")
        || error.contains("did not answer within")
        || error.contains("is held here already");
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void aPlanStartsAndIsReleased(Jdk jdk, Collector collector, int size) throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-Xmx256m");
    try (Target target = Armed.start(jdk, "armed", flags.toArray(new String[0]))) {
      assertThat(target.ask("fill " + size)).isEqualTo("full");
      long start = System.nanoTime();
      Plans.start(target, "m=1,x=2,a=native", PlanWay.ARMED);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.COMMITTED)).isEqualTo(2 << 20);
      System.out.printf("%s %s, arrays of %d: started in %d ms%n", jdk, collector, size, millis);
      assertThat(InProcess.run("release", target.pid()).done()).contains("released 2 MiB");
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(target.process().isAlive()).isTrue();
      assertThat(target.err()).doesNotContain("Exception", "Error");
    }
  }
}
