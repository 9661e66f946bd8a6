package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stop conditions in a real JVM: a breach releases the plan, and the last status names condition
 * and measurement. The time from the breach to the release is taken by the clock of the agent's
 * heartbeats, so the polling of the test does not count.
 */
class StopIfIT {
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  /** Rounds with a full heap, and as many without. */
  private static final int ROUNDS = LONG ? 25 : 2;

  private static final int ROUNDS_OF_PAUSES = LONG ? 10 : 2;

  private static final Duration LIMIT = Duration.ofMillis(500);
  private static final int STOPPED_MILLIS = 600;
  private static final Duration SOON = Duration.ofSeconds(20);

  static Stream<Collector> collectors() {
    return LONG
        ? Stream.of(Collector.SERIAL, Collector.PARALLEL, Collector.G1)
        : Stream.of(Collector.PARALLEL);
  }

  private static Target start(Collector collector, String... more) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of(more));
    Jdk jdk = Jdks.newestLasting();
    return Target.start(jdk, flags.toArray(new String[0]));
  }

  /**
   * A stop of the whole process is a stall of known length and end with each collector, also while
   * the heap is full. No agent can act before the process continues.
   */
  @ParameterizedTest
  @CsvSource({"'a=native,x=32'", "'x=0,oom=allow'"})
  void aStallReleasesWithinHalfASecond(String plan) throws Exception {
    List<Long> times = new ArrayList<>();
    try (Target target = start(Collector.SERIAL, "-Xmx96m")) {
      for (int round = 0; round < ROUNDS; round++) {
        Plans.attach(target, plan + ",stop-if=stall.max>500ms");
        Plans.await(target, plan.startsWith("x=0") ? Phase.EXHAUSTED : Phase.HOLDING);
        try (PlanControl control = only(target)) {
          Signal.send("STOP", target.pid());
          Thread.sleep(STOPPED_MILLIS);
          long breach = System.currentTimeMillis();
          Signal.send("CONT", target.pid());
          times.add(released(control, "stall.max>500ms").heartbeatMillis - breach);
        }
        Plans.awaitNoControlFile(target);
      }
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
    print("stall, " + plan, times);
    assertThat(times).hasSize(ROUNDS).allMatch(time -> time <= Patience.of(LIMIT).toMillis());
  }

  /** The plan's thread stops in the pause as well: the breach is seen right after the pause. */
  @ParameterizedTest
  @MethodSource("collectors")
  void aPauseReleases(Collector collector) throws Exception {
    List<Long> times = new ArrayList<>();
    try (Target target = start(collector, "-Xmx400m")) {
      target.ask("nodes 4000");
      for (int round = 0; round < ROUNDS_OF_PAUSES; round++) {
        Plans.attach(target, "a=native,x=32,stop-if=pause>20ms");
        Plans.await(target, Phase.HOLDING);
        try (PlanControl control = only(target)) {
          target.ask("gc");
          long end = System.currentTimeMillis();
          times.add(released(control, "pause>20ms").heartbeatMillis - end);
        }
        Plans.awaitNoControlFile(target);
      }
    }
    print("pause, " + collector, times);
    assertThat(times)
        .hasSize(ROUNDS_OF_PAUSES)
        .allMatch(time -> time <= Patience.of(LIMIT).toMillis());
  }

  private static PlanControl only(Target target) {
    List<PlanControl> plans = PlanControl.of(target.pid());
    assertThat(plans).hasSize(1);
    return plans.get(0);
  }

  private static Status released(PlanControl control, String condition) throws IOException {
    long limit = Patience.of(SOON).toMillis();
    Status status = control.await(last -> last.phase.isOver(), limit);
    assertThat(status.phase).as(status.message).isEqualTo(Phase.RELEASED);
    assertThat(status.get(Reading.STOPPED)).isOne();
    assertThat(status.get(Reading.COMMITTED)).isZero();
    assertThat(status.message).contains("stop-if", condition, ": measured ");
    return status;
  }

  private static void print(String what, List<Long> times) {
    List<Long> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    System.out.printf(
        "breach to release, %s: %d rounds, median %d ms, longest %d ms%n",
        what, sorted.size(), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
  }

  /**
   * The plan fills the heap beside an application that allocates. Collections then take most of the
   * time, until the stop condition releases the plan, and the application goes on.
   */
  @ParameterizedTest
  @CsvSource({"gc>60%, SERIAL", "gc>60% for 1s, PARALLEL", "gc>60%, G1", "stall.p99>30ms, SERIAL"})
  void anApplicationNearAFullHeapIsRelieved(String condition, Collector collector)
      throws Exception {
    try (Target target = start(collector, "-Xmx128m")) {
      target.ask("pressure 35 200");
      Plans.attach(target, "x=60%,m=64k,oom=allow,b,stop-if=" + condition);
      long below = 0;
      try (PlanControl control = only(target)) {
        control.send(PlanCommand.RESUME);
        Status last = control.status();
        long deadline = System.nanoTime() + Patience.of(SOON).toNanos();
        while (!last.phase.isOver() && System.nanoTime() - deadline < 0) {
          below = last.get(Reading.STOPPED) == 0 ? last.heartbeatMillis : below;
          Thread.sleep(2);
          last = control.status();
        }
        Status end = released(control, condition);
        System.out.printf(
            "%s, %s: %d ms from the last status before the breach to the release; %s%n",
            collector, condition, end.heartbeatMillis - below, end.message);
      }
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
  }

  /** The plan may be over before the attach looks for the plan. */
  @Test
  void aPlanThatIsStoppedAtOnceWasAccepted() throws Exception {
    try (Target target = start(Collector.SERIAL, "-Xmx64m")) {
      for (int round = 0; round < ROUNDS; round++) {
        InProcess.run("attach", target.pid(), "-x", 1, "--stop-if", "stall.max>1ms").done();
        Plans.awaitNoControlFile(target);
      }
    }
  }

  /** A condition that holds for a shorter time than asked does not stop the plan. */
  @Test
  void aShortBreachOfALongConditionDoesNotRelease() throws Exception {
    try (Target target = start(Collector.PARALLEL, "-Xmx400m")) {
      target.ask("nodes 4000");
      Plans.attach(target, "a=native,x=8,stop-if=stall.max>50ms for 10s;psi>99.9% for 10s");
      Plans.await(target, Phase.HOLDING);
      target.ask("gc");
      Awaitility.await().until(() -> Plans.status(target).get(Reading.STALL_MAX_IN_ALL) > 50_000);
      Patience.holds(
          Duration.ofSeconds(2),
          () -> assertThat(Plans.status(target).phase).isEqualTo(Phase.HOLDING));
      assertThat(Plans.status(target).get(Reading.STOPPED)).isZero();
      Plans.release(target);
    }
  }
}
