package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands of several launchers to one plan: each command arrives, although the control file holds
 * one command.
 */
class CommandsIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int EACH = 25;

  /**
   * The first sender pauses, the second resumes, in turns: each command has an effect and a log
   * line.
   */
  @Test
  void ofTwoThatSendInTurnsWithoutWaitingNoneIsLost() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1")) {
      Plans.await(target, Phase.HOLDING);
      Semaphore pauses = new Semaphore(1);
      Semaphore resumes = new Semaphore(0);
      CompletableFuture<Void> pausing = send(target, PlanCommand.PAUSE, pauses, resumes);
      CompletableFuture<Void> resuming = send(target, PlanCommand.RESUME, resumes, pauses);
      CompletableFuture.allOf(pausing, resuming).get(Patience.seconds(60), TimeUnit.SECONDS);
      Awaitility.await().until(() -> lines(target, " resumed by ") == EACH);
      assertThat(lines(target, " paused by ")).isEqualTo(EACH);
      assertThat(Plans.status(target).acknowledged).isEqualTo(2 * EACH);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static CompletableFuture<Void> send(
      Target target, PlanCommand command, Semaphore turn, Semaphore next) {
    return CompletableFuture.runAsync(
        () -> {
          try (PlanControl plan = PlanControl.of(target.pid()).get(0)) {
            for (int i = 0; i < EACH; i++) {
              turn.acquire();
              plan.send(command);
              next.release();
            }
            // closing the file would also release the lock of the other sender in this process
            turn.acquire();
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

  /** The sender does not wait for the stopped JVM, and the last command counts. */
  @Test
  void ofAStoppedJvmOnlyTheLastOneCounts() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1")) {
      Plans.await(target, Phase.HOLDING);
      Signal.send("STOP", target.pid());
      Plans.send(target, "default", PlanCommand.PAUSE);
      Plans.send(target, "default", PlanCommand.RESUME);
      Plans.send(target, "default", PlanCommand.RELEASE);
      Signal.send("CONT", target.pid());
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** The sender may have ended; the release takes effect when the JVM continues. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aReleaseOfAStoppedJvmStaysWhateverIsSentAfterIt(Jdk jdk) throws Exception {
    try (Target target = Target.startWithAgent(jdk, "x=1,lease=60s")) {
      Plans.await(target, Phase.HOLDING);
      PlanControl last = PlanControl.of(target.pid()).get(0); // keeps the removed file open
      Signal.send("STOP", target.pid());
      releaseAndLeave(target);
      String pending = "plan default in %d has a release pending".formatted(target.pid());
      List.of("pause", "resume", "pause").parallelStream()
          .map(command -> run(command, target))
          .forEach(refused -> refused.assertSentence(pending));
      assertThat(run("renew", target).code()).isZero();
      assertThat(run("status", target).out()).contains("HOLDING").doesNotContain("DEAD");
      releaseAndLeave(target);
      Signal.send("CONT", target.pid());
      assertThat(last.await(status -> status.phase.isOver(), 10_000).phase)
          .isEqualTo(Phase.RELEASED);
      last.close();
      Plans.awaitNoControlFile(target);
      assertThat(lines(target, " paused by ") + lines(target, " resumed by ")).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Cli run(String command, Target target) {
    return Cli.run(command, target.pid());
  }

  /**
   * Starts the command release and ends the command as soon as the control file contains the
   * release. The command itself would wait ten seconds.
   */
  private static void releaseAndLeave(Target target) throws Exception {
    List<String> words =
        List.of(NEWEST.java(), "-jar", Cli.JAR.toString(), "release", "" + target.pid());
    Process release = new ProcessBuilder(words).start();
    try (FileChannel file = FileChannel.open(target.controlFiles().get(0))) {
      ByteBuffer sequence = ByteBuffer.allocate(Integer.BYTES);
      Awaitility.await()
          .until(
              () -> {
                file.read(sequence.clear(), ControlLayout.RELEASE);
                return sequence.getInt(0) > 0;
              });
    } finally {
      release.destroyForcibly().waitFor();
    }
  }

  /**
   * A process of the JVM's own user can keep the lock: a stopped launcher, or a hostile program.
   */
  @Test
  void aControlFileThatIsKeptLockedIsNotWaitedForWithoutEnd() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=1,lease=60s")) {
      Plans.await(target, Phase.HOLDING);
      try (Target locker = Target.start(NEWEST)) {
        Path file = target.controlFiles().get(0);
        assertThat(locker.ask("lock %s %d".formatted(file, ControlLayout.SIZE - 1)))
            .isEqualTo("locked");
        Signal.send("STOP", locker.pid());
        assertRefused(target, "pause", "release", "renew");
        assertThat(run("status", target).out()).contains("HOLDING");
        assertThat(Cli.run("list").out()).contains("default: HOLDING 1 MiB");
        assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "b").code()).isZero();
        assertThat(Cli.run("release", target.pid(), "-n", "b").code()).isZero();
      }
      assertThat(run("release", target).out()).contains("released 1 MiB");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void assertRefused(Target target, String... commands) {
    String sentence = "plan default in %d takes no command: another process keeps its";
    long start = System.nanoTime();
    Stream.of(commands)
        .parallel()
        .map(command -> run(command, target))
        .forEach(refused -> refused.assertSentence(sentence.formatted(target.pid())));
    // one second per command, and the start of JVMs on a busy machine
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Patience.of(Duration.ofSeconds(30)));
  }

  /**
   * A cleaned /tmp: the plan still has its control file open, and the launcher finds the open file.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanWhoseControlFileWasRemovedIsStillTold(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      assertThat(Cli.run("attach", target.pid(), "-x", "5", "-n", "cleaned").code()).isZero();
      for (Path file : target.controlFiles()) {
        Files.delete(file);
      }
      assertThat(target.controlFiles()).isEmpty();
      Plans.await(target, "cleaned", Phase.HOLDING);
      assertThat(Cli.run("status", target.pid()).out()).contains("cleaned", "HOLDING", "5 MiB");
      assertThat(Cli.run("list").out()).contains("cleaned: HOLDING 5 MiB");
      assertThat(Cli.run("pause", target.pid()).out()).contains("plan cleaned", "PAUSED");
      assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "kept").code()).isZero();
      assertThat(Cli.run("release", target.pid()).out()).contains("plan cleaned", "plan kept");
      Awaitility.await().until(() -> !target.isAnyThread(Target.THREADS));
      assertThat(Cli.run("status", target.pid()).out()).contains("no plan is held");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * A process chooses the text of its descriptors: only a file without any name counts as removed.
   */
  @Test
  void aFileThatOnlyLooksLikeARemovedControlFileIsLeftAlone(@TempDir Path directory)
      throws Exception {
    Path fakes = Files.createDirectory(directory.resolve("allocmem_x"));
    String open = "f='%s/'$$'.fake (deleted)'; echo 1 > \"$f\"; exec 7<>\"$f\" \"$@\"";
    try (Target target = Target.startBy(List.of("sh", "-c", open.formatted(fakes), "sh"), NEWEST)) {
      assertThat(PlanControl.of(target.pid())).isEmpty();
      assertThat(Cli.run("release", target.pid()).out()).contains("no plan is held");
      assertThat(fakes.resolve(target.pid() + ".fake (deleted)")).content().isEqualTo("1\n");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static long lines(Target target, String part) {
    return target.err().lines().filter(line -> line.contains(part)).count();
  }
}
