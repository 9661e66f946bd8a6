package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heap blocks, measured by the JVM's own counts. */
class HeapAreaIT {
  private static final long MIB = 1L << 20;

  /** Change of the resident set caused by the JVM itself: compiler threads, arenas. */
  private static final long NOISE = 4 * MIB;

  private static final Pattern INTS = Pattern.compile("\\s+(\\d+)\\s+(\\d+)\\s+\\[I\\b");

  static Stream<Arguments> jdksAndHeaders(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Stream.of(
                        "-XX:+UseCompressedClassPointers",
                        "-XX:-UseCompressedClassPointers",
                        "-XX:+UseCompactObjectHeaders")
                    .filter(flag -> jdk.version() >= 25 || !flag.contains("Compact"))
                    .map(flag -> Arguments.of(jdk, flag)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndHeaders")
  void aBlockIsOneArrayOfExactlyItsSizeWhateverTheHeader(Jdk jdk, String header)
      throws IOException {
    try (Target target = Target.startWithAgent(jdk, "m=10,x=500,f=0,b", "-Xmx1g", header)) {
      Plans.await(target, Phase.WAITING);
      long[] before = histogram(jdk, target);
      assertThat(InProcess.run("resume", target.pid()).code()).isZero();
      Plans.await(target, Phase.HOLDING);
      long[] held = histogram(jdk, target);
      System.out.printf(
          "%s %s: +%d int[], %+d bytes beside %d%n",
          jdk, header, held[0] - before[0], held[1] - before[1] - 500 * MIB, 500 * MIB);
      // tolerance: the JVM also allocates and frees small arrays
      assertThat(held[1] - before[1]).isBetween(499 * MIB, 501 * MIB);
      assertThat(held[0] - before[0]).isBetween(50L - 8, 50L + 8);

      Plans.release(target);
      assertThat(histogram(jdk, target)[1]).isBetween(before[1] - MIB, before[1] + MIB);
    }
  }

  /** Epsilon never collects: the heap touches no further page and has no mark bitmap. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void theProcessGrowsByTheTouchedShareOnly(Jdk jdk) throws IOException {
    for (int percent : new int[] {0, 25, 100}) {
      String plan = "m=100,x=1000,b,f=" + percent + "%";
      try (Target target =
          Target.startWithAgent(
              jdk, plan, "-Xmx2g", "-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC")) {
        Plans.await(target, Phase.WAITING);
        long before = target.rss();
        Plans.fill(target, "default");
        long grown = target.rss() - before;
        System.out.printf(
            "%s heap: RSS +%d KiB for 10 blocks of 100 MiB at %d %%%n", jdk, grown >> 10, percent);
        assertThat(grown).isBetween(10 * percent * MIB - NOISE, 10 * percent * MIB + NOISE);
      }
    }
  }

  /** Returns instances and bytes of reachable int[]; jcmd collects before the count. */
  private static long[] histogram(Jdk jdk, Target target) throws IOException {
    Matcher ints = INTS.matcher(Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram"));
    assertThat(ints.find()).isTrue();
    return new long[] {Long.parseLong(ints.group(1)), Long.parseLong(ints.group(2))};
  }
}
