package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Command;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A JVM that ends at its first OutOfMemoryError, even if somebody catches it. On the newest JDK in
 * each build, on all with {@code -Pmatrix}.
 */
class FatalErrorIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.matrix");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";

  /** What may run there: each with a name, to be told one by one. */
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

  static Stream<Arguments> jdksAndCollectors() {
    return (ALL ? Jdks.all().stream() : Stream.of(NEWEST))
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(collector -> collector != Collector.SHENANDOAH)
                    .map(collector -> Arguments.of(jdk, collector)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksAndCollectors")
  void survivesEachPlanThatDoesNotAllowIt(Jdk jdk, Collector collector) throws IOException {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(
        List.of(
            "-Xmx192m",
            FATAL,
            "-XX:ParallelGCThreads=2", // each more keeps a plan of large arrays farther away
            "-XX:MaxDirectMemorySize=50m",
            "-XX:MaxMetaspaceSize=64m"));
    for (int i = 0; i < PLANS.size(); i++) {
      flags.add("-javaagent:" + Target.AGENT + "=" + PLANS.get(i) + ",b,n=p" + i);
    }
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      for (int i = 0; i < PLANS.size(); i++) {
        Status most = fillAndRelease(target, "p" + i);
        assertThat(most.committed).as(PLANS.get(i)).isPositive();
        assertThat(target.ask("gc")).as(PLANS.get(i) + target.err()).isEqualTo("collected");
      }
    }
  }

  private static Status fillAndRelease(Target target, String name) throws IOException {
    Plans.send(target, name, Command.RESUME);
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(60))
        .until(() -> isFull(Plans.status(target, name)) || !target.process().isAlive());
    assertThat(target.process().isAlive()).as(name + target.err()).isTrue();
    Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    Status status = Plans.status(target, name);
    Plans.send(target, name, Command.RELEASE);
    Awaitility.await().until(() -> Plans.status(target, name) == null);
    return status;
  }

  private static boolean isFull(Status status) {
    return status.phase == Phase.HOLDING
        || status.phase == Phase.GUARDED
        || status.phase == Phase.EXHAUSTED;
  }

  /** Before JDK 22 these arrays stay where they are, and gaps between them. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.Jdks#all")
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
      assertThat(status.committed).isBetween((most - 1) * 30L << 20, most * 30L << 20);
      assertThat(status.message).endsWith("smaller blocks come nearer, oom=allow risks it");
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
        assertThat(refused.out()).contains("this JVM has " + name, "risk it with oom=allow");
      }
      assertThat(Cli.run("attach", target.pid(), "-x", "20", "-n", "small").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      if (flag.equals(FATAL)) {
        assertThat(Cli.run("attach", target.pid(), "-x", "0", "--oom", "allow").code()).isZero();
        assertThat(target.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(target.process().exitValue()).isEqualTo(3);
      }
    }
  }
}
