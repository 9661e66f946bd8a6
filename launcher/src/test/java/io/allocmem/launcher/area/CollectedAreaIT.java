package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small objects and classes, freed by a collection, measured by the JVM's own counts. */
class CollectedAreaIT {
  private static final long MIB = 1L << 20;
  private static final Pattern NODES =
      Pattern.compile("\\s+(\\d+)\\s+(\\d+)\\s+io\\.allocmem\\.area\\.ObjectsArea\\$Node");

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void objectsAreExactlyWhatTheJvmCounts(Jdk jdk) throws IOException {
    for (String flag : new String[] {"-XX:+UseCompressedOops", "-XX:-UseCompressedOops"}) {
      try (Target target = Target.startWithAgent(jdk, "a=objects,m=3,x=300", "-Xmx1g", flag)) {
        Status held = Plans.await(target, Phase.HOLDING);
        long[] counted = histogram(jdk, target);
        System.out.printf("%s %s: %d objects, %d bytes%n", jdk, flag, counted[0], counted[1]);
        assertThat(held.get(Reading.BLOCKS)).isEqualTo(100);
        assertThat(held.get(Reading.COMMITTED)).isBetween(300 * MIB, 300 * MIB + 100 * 40);
        assertThat(counted[1]).isEqualTo(held.get(Reading.COMMITTED));

        Plans.release(target);
        assertThat(histogram(jdk, target)[1]).isZero();
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void metaspaceGrowsByTheBlocksAndShrinksAtACollection(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "a=metaspace,m=3,x=60,b")) {
      Plans.await(target, Phase.WAITING);
      long before = metaspace(target);
      Status held = Plans.fill(target, "default");
      long grown = metaspace(target) - before;
      System.out.printf("%s: metaspace +%d KiB of 61440%n", jdk, grown >> 10);
      assertThat(held.get(Reading.BLOCKS)).isEqualTo(20);
      assertThat(grown).isBetween(60 * MIB, 62 * MIB);
      assertThat(held.get(Reading.COMMITTED)).isBetween(60 * MIB, grown + MIB / 4);

      Plans.release(target);
      target.ask("gc");
      assertThat(metaspace(target) - before).isLessThan(MIB);
    }
  }

  /**
   * The size of a block is the growth of metaspace by this block, independent of classes unloaded
   * meanwhile.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void metaspaceBlocksHaveTheirSizeWhileOthersAreUnloaded(Jdk jdk) {
    String plan = "a=metaspace,m=4,x=40,then=cycle,hold=100ms,d=8s";
    try (Target target = Target.startWithAgent(jdk, plan)) {
      long before = metaspace(target);
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(30)))
          .until(() -> Plans.status(target) == null);
      target.ask("gc");
      target.ask("gc");
      long left = metaspace(target) - before;
      System.out.printf("%s: metaspace after saw-teeth %+d KiB%n", jdk, left >> 10);
      assertThat(target.err().split("; starts again")).hasSizeGreaterThan(10);
      assertThat(left).isLessThan(10 * MIB);
    }
  }

  /**
   * Released classes count as used until a collection. Before the collection, a further release
   * would have no effect.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void metaspaceThatOthersTakeCostsNoMoreBlocksThanThat(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(jdk, "a=metaspace,m=2,until=60%", "-XX:MaxMetaspaceSize=100m")) {
      long held = Plans.await(target, Phase.HOLDING).get(Reading.BLOCKS);
      Plans.attach(target, "a=metaspace,m=2,x=10,n=other");
      Awaitility.await().until(() -> Plans.status(target).get(Reading.BLOCKS) < held);
      Patience.holds(
          Duration.ofSeconds(1),
          () ->
              assertThat(Plans.status(target).get(Reading.BLOCKS))
                  .isGreaterThanOrEqualTo(held - 8));
      System.out.printf(
          "%s: %d of %d blocks kept%n", jdk, Plans.status(target).get(Reading.BLOCKS), held);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void metaspaceThatRunsOutIsExhausted(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(jdk, "a=metaspace,m=2,x=0", "-XX:MaxMetaspaceSize=60m")) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).isEqualTo("no metaspace left (-XX:MaxMetaspaceSize)");
      assertThat(status.get(Reading.BLOCKS)).isBetween(15L, 29L);
      Plans.release(target);
      assertThat(target.ask("gc")).isEqualTo("collected");
    }
  }

  private static long metaspace(Target target) {
    return Long.parseLong(target.ask("metaspace"));
  }

  /** Returns instances and bytes of reachable small objects; zeros without such objects. */
  private static long[] histogram(Jdk jdk, Target target) throws IOException {
    Matcher nodes = NODES.matcher(Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram"));
    return nodes.find()
        ? new long[] {Long.parseLong(nodes.group(1)), Long.parseLong(nodes.group(2))}
        : new long[2];
  }
}
