package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that do not accept an attach: one sentence, without effect on the process. */
class RefusalIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#launchers")
  void aProcessThatIsNoJvmIsRefusedAndLivesOn(Jdk from) throws Exception {
    Process sleep = new ProcessBuilder("sleep", "1000").start();
    try {
      assertRefusal(
          Cli.run(from, "attach", sleep.pid(), "-x", "1"),
          "process " + sleep.pid() + " (sleep) is not a JVM; allocmem list shows the JVMs");
      assertThat(sleep.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void aStoppedJvmIsRefusedAndStaysUntouched() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      signal("STOP", target);
      assertRefusal(
          Cli.run("attach", target.pid(), "-x", "1"),
          "JVM %1$d is stopped (by a signal or a debugger); continue it first: kill -CONT %1$d"
              .formatted(target.pid()));
      signal("CONT", target);
      assertUntouched(target);
    }
  }

  @Test
  void aStoppedJvmsStatusIsStillRead() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=5")) {
      Plans.await(target, Phase.HOLDING);
      signal("STOP", target);
      assertThat(InProcess.run("status", target.pid()).out()).contains("HOLDING", "5 MiB");
      signal("CONT", target);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatDoesNotListenIsRefusedWithItsFlag(Jdk jdk) {
    try (Target target = Target.start(jdk, "-XX:+DisableAttachMechanism")) {
      assertRefusal(
          Cli.run("attach", target.pid(), "-x", "1"),
          "was started with -XX:+DisableAttachMechanism; start it without");
      assertUntouched(target);
    }
  }

  @Test
  void aFlagInAFileOfFlagsIsNamedInTheRefusal() throws IOException {
    Path flags = Files.createTempFile("flags-", "");
    Files.writeString(flags, "-XX:+DisableAttachMechanism");
    try (Target target = Target.start(NEWEST, "-XX:VMOptionsFile=" + flags)) {
      assertRefusal(
          Cli.run("attach", target.pid(), "-x", "1"),
          "was started with -XX:+DisableAttachMechanism");
      assertUntouched(target);
    } finally {
      Files.delete(flags);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatIgnoresSignalsIsRefusedWithoutItsSocket(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xrs")) {
      // a JVM with -Xrs creates the socket at its start
      Files.delete(Path.of("/tmp/.java_pid" + target.pid()));
      assertRefusal(
          Cli.run("attach", target.pid(), "-x", "1"),
          "was started with -Xrs and does not catch SIGQUIT; start it without");
      assertUntouched(target);
    }
  }

  @Test
  void aPidOrNameOfNothingIsRefused() {
    assertRefusal(Cli.run("attach", 0, "-x", "1"), "0 is not the pid of a process");
    assertRefusal(Cli.run("attach", 4194999, "-x", "1"), "there is no process 4194999");
    assertRefusal(Cli.run("attach", "NoSuchMain", "-x", "1"), "no JVM has 'NoSuchMain'");
    assertRefusal(InProcess.run("release", 1), "no plan is held in 1");
  }

  /**
   * top -H shows such a number. SIGQUIT to a thread's number would make the JVM print a thread
   * dump.
   */
  @Test
  void aThreadsNumberIsRefusedWithThatOfItsProcess() throws IOException {
    try (Target target = Target.start(NEWEST);
        Stream<Path> threads = Files.list(Path.of("/proc/" + target.pid() + "/task"))) {
      long last =
          threads.mapToLong(path -> Long.parseLong(path.toFile().getName())).max().orElseThrow();
      String sentence =
          "%d is a thread of process %d; attach to that: allocmem attach %2$d"
              .formatted(last, target.pid());
      assertRefusal(Cli.run("attach", last, "-x", "1"), sentence);
      assertRefusal(InProcess.run("check", last), sentence);
      assertUntouched(target);
    }
  }

  @Test
  void aBadOptionIsWrongUsage() {
    try (Target target = Target.start(NEWEST)) {
      Cli bad = Cli.run("attach", target.pid(), "-x", "4q");
      assertThat(bad.code()).isEqualTo(2);
      assertThat(bad.out()).contains("invalid option -x 4q: a size is").doesNotContain("\tat ");
      assertUntouched(target);
    }
  }

  @Test
  void refusalsInTheJvmHaveTheWordsOfTheLauncher() {
    String words =
        "set a smaller limit, or give --keep-free 10%, or accept the risk with --oom allow";
    String fatal = "-XX:+ExitOnOutOfMemoryError";
    try (Target target = Target.start(NEWEST, "-Xmx64m", fatal)) {
      assertRefusal(Cli.run("attach", target.pid(), "-x", "0"), words);
    }
    Cli alone = Cli.run("run", "-x", "0", "-J-Xmx64m", "-J" + fatal);
    assertThat(alone.code()).as(alone.out()).isEqualTo(1);
    assertThat(alone.out()).contains("[allocmem] refused: ", words).doesNotContain("oom=allow");
  }

  @Test
  void aNameThatIsHeldIsRefusedByTheAgentInItsOwnWords() throws IOException {
    try (Target target = Target.startWithAgent(NEWEST, "x=5")) {
      Plans.await(target, Phase.HOLDING);
      assertRefusal(
          Cli.run("attach", target.pid(), "-x", "1"),
          "refused: plan default is held here already: release that plan, or name the new plan");
      assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "second").code()).isZero();
      assertThat(InProcess.run("list").out()).contains("default: HOLDING 5 MiB, second: ");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void signal(String name, Target target) throws Exception {
    Signal.send(name, target.pid());
    Awaitility.await()
        .until(() -> new LinuxProcess(target.pid()).state().equals("T") == name.equals("STOP"));
  }

  /** Asserts one line without a stack trace. */
  private static void assertRefusal(Cli cli, String sentence) {
    assertThat(cli.code()).as(cli.out()).isEqualTo(1);
    assertThat(cli.out()).startsWith("allocmem: ").contains(sentence).doesNotContain("\tat ");
    assertThat(cli.out().lines()).hasSize(1);
  }

  /** The next line of stdout is the answer: the JVM printed no thread dump before. */
  private static void assertUntouched(Target target) {
    assertThat(target.ask("hello")).isEqualTo("echo hello");
    assertThat(target.err()).doesNotContain("allocmem");
  }
}
