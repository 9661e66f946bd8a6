package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JVM that ends at its first OutOfMemoryError, even a caught error. Newest JDK in each build, more
 * JDKs with {@code -Plong}.
 */
class FatalErrorIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";

  /** Plans without the risk of an OutOfMemoryError. Each plan starts by its name. */
  private static final List<String> PLANS =
      List.of(
          "x=70%",
          "x=50%,m=20",
          "until=95%",
          "until=95%,m=20",
          "until=99%,m=3,f=0.25",
          "x=0,keep-free=1%",
          "x=0,keep-free=1%,m=30",
          "x=0,keep-free=1%,m=64k",
          "x=0,keep-free=1m,a=objects",
          "until=99%,a=objects,m=7",
          "x=100%,a=direct",
          "x=200,a=mapped",
          "x=0,keep-free=1m,a=metaspace");

  static Stream<Arguments> jdksAndCollectors(TestInfo test) {
    return (ALL ? Jdks.some(test) : Stream.of(NEWEST))
        .flatMap(jdk -> Collector.of(jdk).stream().map(collector -> Arguments.of(jdk, collector)))
        .filter(one -> !isBetween((Jdk) one.get()[0]) || one.get()[1] == Collector.G1);
  }

  /**
   * Returns true for JDKs whose collectors hardly differ from the neighbour versions; G1 is tested
   * there alone.
   */
  private static boolean isBetween(Jdk jdk) {
    return jdk.version() == 11 || jdk.version() == 21;
  }

  /** Returns G1 alone in each build, all collectors with {@code -Plong}. */
  static Stream<Arguments> growing(TestInfo test) {
    return jdksAndCollectors(test).filter(one -> ALL || one.get()[1] == Collector.G1);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksAndCollectors")
  void survivesEachPlanThatDoesNotAllowIt(Jdk jdk, Collector collector) throws IOException {
    survives(
        jdk,
        collector,
        PLANS,
        "-XX:MaxDirectMemorySize=50m",
        "-XX:MaxMetaspaceSize=64m",
        "-XX:ParallelGCThreads=2"); // more threads would increase the distance for large arrays
  }

  private static void survives(Jdk jdk, Collector collector, List<String> plans, String... more)
      throws IOException {
    try (Target target = start(jdk, collector, plans, more)) {
      for (int i = 0; i < plans.size(); i++) {
        Status most = fillAndRelease(target, "p" + i);
        assertThat(most.get(Reading.COMMITTED)).as(plans.get(i)).isPositive();
        assertThat(target.ask("gc")).as(plans.get(i) + target.err()).isEqualTo("collected");
      }
    }
  }

  /** Starts a JVM with these plans, p0, p1 and so on; each plan waits for a command. */
  private static Target start(Jdk jdk, Collector collector, List<String> plans, String... more) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xmx192m", FATAL));
    flags.addAll(List.of(more));
    for (int i = 0; i < plans.size(); i++) {
      flags.add("-javaagent:" + Target.AGENT + "=" + plans.get(i) + ",b,n=p" + i);
    }
    return Target.start(jdk, flags.toArray(new String[0]));
  }

  private static Status fillAndRelease(Target target, String name) throws IOException {
    Plans.send(target, name, PlanCommand.RESUME);
    Awaitility.await(name)
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .until(() -> isFull(Plans.status(target, name)) || !target.process().isAlive());
    assertThat(target.process().isAlive()).as(name + target.err()).isTrue();
    Patience.holds(
        Duration.ofMillis(300), () -> assertThat(target.process().isAlive()).as(name).isTrue());
    Status status = Plans.status(target, name);
    Plans.send(target, name, PlanCommand.RELEASE);
    Awaitility.await().until(() -> Plans.status(target, name) == null);
    return status;
  }

  private static boolean isFull(Status status) {
    return status.phase == Phase.HOLDING
        || status.phase == Phase.GUARDED
        || status.phase == Phase.EXHAUSTED;
  }

  /** JDK 8 does not count the unused rest of humongous regions as used. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void survivesArraysThatLoseMuchToRegions(Jdk jdk) throws IOException {
    List<String> plans =
        List.of("x=0,keep-free=1%,m=3", "x=0,keep-free=1%,m=1100k", "until=95%,m=1100k");
    survives(jdk, Collector.G1, plans, "-XX:G1HeapRegionSize=2m", "-XX:ParallelGCThreads=2");
  }

  /**
   * The application's live set rises from 15 to 45 % of the heap and falls within six seconds; the
   * plans leave no room for this growth.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("growing")
  void givesBackWhereTheApplicationGrows(Jdk jdk, Collector collector) throws IOException {
    List<String> plans = List.of("x=70%", "until=95%");
    try (Target target = start(jdk, collector, plans, "-XX:ParallelGCThreads=2")) {
      assertThat(target.ask("swing 15 45 6")).isEqualTo("swings");
      for (int i = 0; i < plans.size(); i++) {
        String plan = "p" + i;
        Plans.send(target, plan, PlanCommand.RESUME);
        long most = 0;
        long least = Long.MAX_VALUE;
        for (long end = System.nanoTime() + 7_000_000_000L; System.nanoTime() < end; ) {
          assertThat(target.process().isAlive()).as(plans.get(i) + target.err()).isTrue();
          long held = Plans.status(target, plan).get(Reading.COMMITTED);
          least = held < most ? Math.min(least, held) : least;
          most = Math.max(most, held);
          PlanControl.pause();
        }
        System.out.printf(
            "%s %s %s: %d MiB, given back to %d MiB%n",
            jdk, collector, plans.get(i), most >> 20, least >> 20);
        assertThat(least).isLessThan(most - (10 << 20));
        Plans.send(target, plan, PlanCommand.RELEASE);
        Awaitility.await().until(() -> Plans.status(target, plan) == null);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Before JDK 22, G1 never moves these arrays, and gaps remain between the arrays. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void arraysThatG1CannotMoveKeepFartherAway(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(
            jdk,
            "m=30,x=0,keep-free=1%",
            "-Xmx200m",
            "-XX:+UseG1GC",
            "-XX:G1HeapRegionSize=1m",
            "-XX:ParallelGCThreads=2",
            FATAL)) {
      Status status = Plans.await(target, Phase.GUARDED);
      int most = jdk.version() < 22 ? 3 : 5;
      assertThat(status.get(Reading.COMMITTED)).isBetween((most - 1) * 30L << 20, most * 30L << 20);
      assertThat(status.message).endsWith("use smaller blocks, or accept the risk with oom=allow");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FATAL,
        "-XX:+CrashOnOutOfMemoryError",
        "-XX:+HeapDumpOnOutOfMemoryError",
        "-XX:OnOutOfMemoryError=true"
      })
  void whatCanEndInOneIsRefusedUnlessItIsAllowed(String flag) throws Exception {
    String name = flag.replaceAll("=.*", "");
    try (Target target = Target.start(NEWEST, "-Xmx64m", flag)) {
      for (String plan : List.of("0", "64", "100%")) {
        Cli refused = Cli.run("attach", target.pid(), "-x", plan);
        assertThat(refused.code()).as(refused.out()).isEqualTo(1);
        assertThat(refused.out())
            .contains("this JVM has " + name, "accept the risk with --oom allow");
      }
      assertThat(Cli.run("attach", target.pid(), "-x", "20", "-n", "small").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      if (flag.equals(FATAL)) {
        assertThat(Cli.run("attach", target.pid(), "-x", "0", "--oom", "allow").code()).isZero();
        assertThat(target.process().waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
        assertThat(target.process().exitValue()).isEqualTo(3);
      }
    }
  }
}
