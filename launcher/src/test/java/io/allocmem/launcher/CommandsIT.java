package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.status.Command;
import io.allocmem.status.Phase;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Commands of several launchers to one plan: each arrives, though the file has room for one. */
class CommandsIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int EACH = 25;

  /** One only pauses and one only resumes, in turns: each command has an effect, and a log line. */
  @Test
  void ofTwoThatSendInTurnsWithoutWaitingNoneIsLost() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1")) {
      Plans.await(target, Phase.HOLDING);
      Semaphore pauses = new Semaphore(1);
      Semaphore resumes = new Semaphore(0);
      CompletableFuture<Void> pausing = send(target, Command.PAUSE, pauses, resumes);
      CompletableFuture<Void> resuming = send(target, Command.RESUME, resumes, pauses);
      CompletableFuture.allOf(pausing, resuming).get(60, TimeUnit.SECONDS);
      Awaitility.await().until(() -> lines(target, " resumed by ") == EACH);
      assertThat(lines(target, " paused by ")).isEqualTo(EACH);
      assertThat(Plans.status(target).acknowledged).isEqualTo(2 * EACH);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static CompletableFuture<Void> send(
      Target target, Command command, Semaphore turn, Semaphore next) {
    return CompletableFuture.runAsync(
        () -> {
          try (PlanControl plan = PlanControl.of(target.pid()).get(0)) {
            for (int i = 0; i < EACH; i++) {
              turn.acquire();
              plan.send(command);
              next.release();
            }
            turn.acquire(); // a close would let go this process's locks, the other's as well
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            next.release();
          }
        });
  }

  @Test
  void ofLaunchersAtOnceEachHasItsAnswer() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1")) {
      Plans.await(target, Phase.HOLDING);
      List<CompletableFuture<Cli>> all =
          IntStream.range(0, 6)
              .mapToObj(n -> n % 2 == 0 ? "pause" : "resume")
              .map(word -> CompletableFuture.supplyAsync(() -> Cli.run(word, target.pid())))
              .toList();
      assertThat(all).allMatch(cli -> cli.join().code() == 0);
      assertThat(Plans.status(target).acknowledged).isEqualTo(6);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** What waits there is not waited for, and the last command counts. */
  @Test
  void ofAStoppedJvmOnlyTheLastOneCounts() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1")) {
      Plans.await(target, Phase.HOLDING);
      Signal.send("STOP", target.pid());
      Plans.send(target, "default", Command.PAUSE);
      Plans.send(target, "default", Command.RESUME);
      Plans.send(target, "default", Command.RELEASE);
      Signal.send("CONT", target.pid());
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static long lines(Target target, String part) {
    return target.err().lines().filter(line -> line.contains(part)).count();
  }
}
