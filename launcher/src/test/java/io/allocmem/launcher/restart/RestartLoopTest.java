package io.allocmem.launcher.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmSearch.Found;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Decisions about restarts, with JVMs and a clock of the test. */
class RestartLoopTest {
  private static final Found OLD = new Found(1, 100);
  private static final Verdict KILLED = new Verdict(ExitCode.KILLED, "the kernel killed JVM 1");
  private static final Ending JVM_ENDED = new Ending(KILLED, true, List.of());
  private static final Ending RELEASED = new Ending(Verdict.DONE, false, List.of());

  /** A service whose JVMs depend on the time since the first end of a JVM. */
  private static final class Service implements PlanWork, Console {
    private final LongFunction<List<Found>> jvms;
    private final Deque<Ending> endings = new ArrayDeque<>();
    private final List<String> said = new ArrayList<>();
    private final List<Long> started = new ArrayList<>();
    private long millis;
    private long startingUntil;
    private long refusedUntil;
    private Failure refusal;
    private Failure unanswered;
    private int unansweredTimes;
    private boolean ended;
    private int looks;

    Service(LongFunction<List<Found>> jvms, Ending... endings) {
      this.jvms = jvms;
      this.endings.addAll(List.of(endings));
    }

    Ending run(int most) throws IOException, InterruptedException {
      return loop(most).run(OLD);
    }

    RestartLoop loop(int most) {
      return new RestartLoop("default", "shop", most, this, this::look, this);
    }

    private List<Found> look() {
      looks++;
      return jvms.apply(millis);
    }

    @Override
    public String notReady(long pid) {
      return millis < startingUntil ? "accepts no attach yet" : null;
    }

    @Override
    public boolean endsSoon(long pid) {
      return ended;
    }

    @Override
    public void check(long pid) {
      if (millis < refusedUntil) {
        throw refusal;
      }
    }

    @Override
    public void start(long pid) {
      started.add(pid);
      if (unansweredTimes-- > 0) {
        throw unanswered;
      }
    }

    @Override
    public Ending hold(long pid) {
      return endings.remove();
    }

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void await(String state, long waited) {
      assertThat(millis).as("the loop ends").isLessThan(1_000_000);
      millis += waited;
    }

    @Override
    public long millis() {
      return millis;
    }
  }

  private static List<Found> from(long start, long now, Found jvm) {
    return now < start ? List.of() : List.of(jvm);
  }

  private static Found jvm(long pid) {
    return new Found(pid, pid * 100);
  }

  @Test
  void thePlanStartsInTheNextJvm() throws Exception {
    Service service = new Service(now -> from(1_000, now, jvm(2)), JVM_ENDED, RELEASED);
    RestartLoop loop = service.loop(0);
    assertThat(loop.run(OLD)).isEqualTo(RELEASED);
    assertThat(service.started).containsExactly(2L);
    assertThat(service.said)
        .containsExactly(
            "the kernel killed JVM 1; waiting for the next JVM with 'shop' in its main class or jar name",
            "restart 1: plan default in JVM 2, 1.0 s after the end");
    assertThat(loop.restarts())
        .singleElement()
        .matches(one -> one.endedPid() == 1 && one.pid() == 2 && one.cause() == KILLED);
  }

  /** A person released the plan, or its duration was over. */
  @Test
  void aPlanThatEndedByItselfStaysOver() throws Exception {
    Service service = new Service(now -> List.of(jvm(2)), RELEASED);
    assertThat(service.run(0)).isEqualTo(RELEASED);
    assertThat(service.started).isEmpty();
    assertThat(service.looks).isZero();
    assertThat(service.said).isEmpty();
  }

  @Test
  void theLastPermittedStartIsFollowedByTheVerdictOnTheJvm() throws Exception {
    Service service = new Service(now -> List.of(), JVM_ENDED, JVM_ENDED, JVM_ENDED);
    Deque<Found> next = new ArrayDeque<>(List.of(jvm(2), jvm(3)));
    RestartLoop loop =
        new RestartLoop("default", "shop", 2, service, () -> List.of(next.remove()), service);
    Ending ending = loop.run(OLD);
    assertThat(ending.verdict().code()).isEqualTo(ExitCode.KILLED);
    assertThat(ending.verdict().sentence())
        .isEqualTo("the kernel killed JVM 1; --again=2 allows no further start of plan default");
    assertThat(service.started).containsExactly(2L, 3L);
    assertThat(service.said).anyMatch(line -> line.startsWith("restart 2 of 2: plan default in"));
  }

  /** In a rolling restart the next JVM is there before the old JVM has ended. */
  @Test
  void aJvmThatCameBeforeTheEndIsTakenAtOnce() throws Exception {
    Service service = new Service(now -> List.of(OLD, jvm(2)), JVM_ENDED, RELEASED);
    assertThat(service.run(0)).isEqualTo(RELEASED);
    assertThat(service.started).containsExactly(2L);
    assertThat(service.millis).isZero();
  }

  @Test
  void anotherProcessWithTheSamePidIsTheNextJvm() throws Exception {
    Service service = new Service(now -> List.of(new Found(1, 999)), JVM_ENDED, RELEASED);
    service.run(0);
    assertThat(service.started).containsExactly(1L);
  }

  @Test
  void severalJvmsAreWaitedForUntilOneIsLeft() throws Exception {
    Service service =
        new Service(
            now -> now < 5_000 ? List.of(jvm(2), jvm(3)) : List.of(jvm(3)), JVM_ENDED, RELEASED);
    service.run(0);
    assertThat(service.started).containsExactly(3L);
    assertThat(service.said)
        .filteredOn(line -> line.contains("fits"))
        .containsExactly("'shop' fits 2 JVMs, waiting until one is left: 2, 3");
  }

  @Test
  void aJvmThatIsStartingIsWaitedForInSilence() throws Exception {
    Service service = new Service(now -> List.of(jvm(2)), JVM_ENDED, RELEASED);
    service.startingUntil = 9_000;
    service.run(0);
    assertThat(service.millis).isEqualTo(9_000);
    assertThat(service.said).hasSize(2);
  }

  /** Such a JVM touches its whole heap at first, or has -Xrs in a place that cannot be read. */
  @Test
  void aJvmThatStartsForLongIsNamedOnce() throws Exception {
    Service service = new Service(now -> List.of(jvm(2)), JVM_ENDED, RELEASED);
    service.startingUntil = 60_000;
    service.refusal = new Failure("JVM 2 has no room");
    service.refusedUntil = 65_000;
    service.run(0);
    assertThat(service.started).containsExactly(2L);
    assertThat(service.said)
        .filteredOn(line -> line.contains("2 accepts no attach yet"))
        .hasSize(1);
  }

  @Test
  void aRefusalThatPassesIsNotSaid() throws Exception {
    Service service = new Service(now -> List.of(jvm(2)), JVM_ENDED, RELEASED);
    service.refusal = new Failure("JVM 2 has no room");
    service.refusedUntil = 9_000;
    service.run(0);
    assertThat(service.started).containsExactly(2L);
    assertThat(service.said).hasSize(2);
  }

  @Test
  void aRefusalThatStaysEndsTheCommand() {
    Service service = new Service(now -> List.of(jvm(2)), JVM_ENDED);
    service.refusal = new Failure("JVM 2 has no room");
    service.refusedUntil = Long.MAX_VALUE;
    assertThatThrownBy(() -> service.run(0)).isSameAs(service.refusal);
    assertThat(service.millis).isEqualTo(RestartLoop.SILENT_MILLIS);
    assertThat(service.started).isEmpty();
  }

  /** Each refused start has loaded an agent: no second start. */
  @Test
  void aRefusalOfTheAgentEndsTheCommandAtOnce() {
    Service service = new Service(now -> List.of(jvm(2)), JVM_ENDED);
    service.unanswered = new Failure("the agent in 2 refused: no");
    service.unansweredTimes = 1;
    assertThatThrownBy(() -> service.run(0)).isSameAs(service.unanswered);
    assertThat(service.started).hasSize(1);
  }

  @Test
  void aJvmWithoutAnAnswerIsAskedAFewTimes() throws Exception {
    Failure late = new Failure("JVM 2 did not answer", new TimeoutException());
    Service slow = new Service(now -> List.of(jvm(2)), JVM_ENDED, RELEASED);
    slow.unanswered = late;
    slow.unansweredTimes = RestartLoop.MOST_ATTEMPTS - 1;
    assertThat(slow.run(0)).isEqualTo(RELEASED);
    Service silent = new Service(now -> List.of(jvm(2)), JVM_ENDED);
    silent.unanswered = late;
    silent.unansweredTimes = RestartLoop.MOST_ATTEMPTS;
    assertThatThrownBy(() -> silent.run(0)).isSameAs(late);
  }

  /** A service that crashes at its start comes up again and again. */
  @Test
  void aJvmThatEndsBeforeThePlanStartsIsNoRestart() throws Exception {
    Service service =
        new Service(
            now -> now < 1_000 ? List.of(jvm(2)) : from(2_000, now, jvm(3)), JVM_ENDED, RELEASED);
    service.startingUntil = 1_500;
    RestartLoop loop = service.loop(1);
    assertThat(loop.run(OLD)).isEqualTo(RELEASED);
    assertThat(service.started).containsExactly(3L);
    assertThat(service.said)
        .filteredOn(line -> line.startsWith("JVM 2 ended before plan default started there; wait"))
        .hasSize(1);
    assertThat(loop.restarts()).hasSize(1);
  }

  @Test
  void anEndDuringTheStartIsNoRefusal() throws Exception {
    Service service =
        new Service(now -> now < 250 ? List.of(jvm(2)) : List.of(jvm(3)), JVM_ENDED, RELEASED);
    service.unanswered = new Failure(ExitCode.ENDED, "JVM 2 ended meanwhile");
    service.unansweredTimes = 1;
    service.ended = true;
    assertThat(service.run(0)).isEqualTo(RELEASED);
    assertThat(service.started).containsExactly(2L, 3L);
  }

  @Test
  void theJvmsAreLookedAtFourTimesASecond() throws Exception {
    Service service = new Service(now -> from(60_000, now, jvm(2)), JVM_ENDED, RELEASED);
    service.run(0);
    assertThat(service.looks).isBetween(200, 241);
  }
}
