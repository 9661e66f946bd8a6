package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ways to lose a JVM for lack of memory or of a counted resource. With either guard, the target
 * survives and the application still gets more of the resource. Newest JDK and one guard per way in
 * each build; JDK 8, 17 and 25 and both guards with {@code -Plong}.
 */
class GuardMatrixIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final List<Jdk> JDKS =
      Jdks.all().stream().filter(jdk -> Set.of(8, 17, 25).contains(jdk.version())).toList();
  private static final long MIB = 1L << 20;
  private static final Set<Phase> FULL = Set.of(Phase.HOLDING, Phase.GUARDED, Phase.EXHAUSTED);

  static Stream<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : ALL ? JDKS : List.of(NEWEST)) {
      for (Way way : Way.values()) {
        int one = (way.ordinal() + jdk.version()) % 2;
        for (String guard : ALL ? way.guards() : List.of(way.guards().get(one))) {
          all.add(Arguments.of(way, guard, jdk));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("matrix")
  void noTargetIsLost(Way way, String guard, Jdk jdk) throws Exception {
    long start = System.nanoTime();
    inItsPlace(way, jdk, way.plan() + ",b,oom=refuse," + guard, GuardMatrixIT::survives);
    System.out.printf(
        "%s %s %s: %d ms%n", way, guard, jdk, (System.nanoTime() - start) / 1_000_000);
  }

  /** Proves that {@link #noTargetIsLost} can fail. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  @EnabledIfSystemProperty(named = "allocmem.test.long", matches = "true")
  void withoutAGuardTheTargetIsLost(Way way) throws Exception {
    Jdk jdk = JDKS.stream().filter(one -> one.version() == 17).findFirst().orElse(NEWEST);
    String plan = way.plan() + ",b,oom=allow,x=" + (way.hasContainer() ? "600" : "0");
    inItsPlace(way, jdk, plan, GuardMatrixIT::isLost);
  }

  /** Course of a test with the target. */
  private interface Story {
    void tell(Way way, Target target, Meanwhile meanwhile) throws Exception;
  }

  /** Growth of other users of the resource during the test. */
  private interface Meanwhile {
    void run() throws IOException;
  }

  private static void inItsPlace(Way way, Jdk jdk, String plan, Story story) throws Exception {
    if (way.hasContainer()) {
      inContainer(way, jdk, plan, story);
    } else if (way == Way.THREADS_OF_THE_CONTAINER) {
      try (Cgroup cgroup = Cgroup.ofProcesses(120)) {
        tell(story, way, start(cgroup.enter(), way, plan, jdk), () -> {});
      }
    } else {
      tell(story, way, start(way.limited(), way, plan, jdk), () -> {});
    }
  }

  private static void tell(Story story, Way way, Target started, Meanwhile meanwhile)
      throws Exception {
    try (Target target = started) {
      if (way.before() != null) {
        assertThat(target.ask(way.before())).as(target.err()).isNotNull();
      }
      story.tell(way, target, meanwhile);
    }
  }

  private static void inContainer(Way way, Jdk jdk, String plan, Story story) throws Exception {
    try (Cgroup pod = Cgroup.ofMemory(way.container());
        Cgroup own = pod.inside(way.container())) {
      Process neighbour = way == Way.PARENT_LIMIT ? pod.neighbour(40) : null;
      List<String> enter = new ArrayList<>(own.enter());
      if (way == Way.ODD_MOUNT) {
        enter.addAll(Inside.oddMount());
      } else if (way == Way.MAPPED_FILES) {
        // in RAM: the kernel would write out dirty pages of a disk
        enter.addAll(Inside.privateTmp());
      }
      List<Process> later = new ArrayList<>();
      try {
        tell(story, way, start(enter, way, plan, jdk), () -> meanwhile(way, pod, own, later));
      } finally {
        later.forEach(GuardMatrixIT::end);
        end(neighbour);
      }
    }
  }

  private static void meanwhile(Way way, Cgroup pod, Cgroup own, List<Process> later)
      throws IOException {
    if (way == Way.NEIGHBOUR_GROWS) {
      for (int neighbour = 0; neighbour < 2; neighbour++) {
        later.add(pod.neighbour(40));
        noneIsKilledFor(1500, pod, own);
      }
    } else if (way == Way.LIMIT_LOWERED) {
      for (int mib = 370; mib >= 280; mib -= 30) {
        pod.limit(mib * MIB);
        noneIsKilledFor(1000, pod, own);
      }
    }
    noneIsKilledFor(0, pod, own);
  }

  private static void noneIsKilledFor(int millis, Cgroup pod, Cgroup own) {
    Patience.holds(
        Duration.ofMillis(millis), () -> assertThat(pod.killed() + own.killed()).isZero());
  }

  private static void end(Process process) {
    try {
      if (process != null) {
        process.getOutputStream().close();
        process.waitFor(Patience.seconds(10), TimeUnit.SECONDS);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Target start(List<String> by, Way way, String plan, Jdk jdk) {
    List<String> flags = new ArrayList<>(way.flags());
    flags.addAll(List.of("-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"));
    flags.add("-XX:+IgnoreUnrecognizedVMOptions"); // CreateCoredumpOnCrash is unknown to JDK 8
    flags.add("-javaagent:" + Target.AGENT + "=" + plan);
    if (way == Way.THREADS_OF_THE_USER) {
      Inside.assume(by, jdk);
    }
    return Target.startBy(by, jdk, flags.toArray(new String[0]));
  }

  private static void survives(Way way, Target target, Meanwhile meanwhile) throws Exception {
    Plans.send(target, "default", PlanCommand.RESUME);
    Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .until(() -> !target.process().isAlive() || isFull(target));
    meanwhile.run();
    assertThat(target.process().isAlive()).as(target.err()).isTrue();
    assertThat(target.ask(way.growth())).as(target.err()).isNotNull().doesNotStartWith("Exception");
    Patience.holds(
        Duration.ofSeconds(1),
        () -> assertThat(target.process().isAlive()).as(target.err()).isTrue());
    Status status = Awaitility.await().until(() -> Plans.status(target), Objects::nonNull);
    System.out.printf(
        "%s: %s, %d MiB, %s%n",
        way, status.phase, status.get(Reading.COMMITTED) >> 20, status.message);
    assertThat(status.get(Reading.COMMITTED)).as("something was held").isPositive();
    assertThat(target.ask("hello")).isEqualTo("echo hello");
  }

  private static boolean isFull(Target target) {
    Status status = Plans.status(target);
    return status != null && FULL.contains(status.phase);
  }

  /** The JVM or its application ends by an error. */
  private static void isLost(Way way, Target target, Meanwhile meanwhile) throws Exception {
    if (way.isLostByPlan()) {
      Plans.send(target, "default", PlanCommand.RESUME);
    } else {
      String line = target.ask(way.loss());
      while (line != null) { // skips the JVM's warnings
        assertThat(line).doesNotStartWith("grown by");
        line = target.readLine();
      }
    }
    assertThat(target.process().waitFor(Patience.seconds(60), TimeUnit.SECONDS))
        .as(target.err())
        .isTrue();
    assertThat(target.process().exitValue()).isNotZero();
    String[] err = target.err().split("\n");
    System.out.printf(
        "%s without a guard: exit code %d, %s%n",
        way, target.process().exitValue(), Arrays.asList(err).get(err.length - 1));
  }
}
