package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
    return Jdks.launchers()
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(collectors::contains)
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
