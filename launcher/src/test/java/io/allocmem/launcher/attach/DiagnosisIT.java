package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.Launcher;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Obstacles of an attach: cause and remedy in one line, without effect on the target. */
class DiagnosisIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  @Test
  void aTmpThatIsReadOnlyIsNamed() {
    assertRefusal(
        Inside.readOnlyTmp(),
        NEWEST,
        "cannot be written to (read-only, full, or not for its user)");
  }

  @Test
  void aTmpThatIsMissingIsNamed() {
    assertRefusal(Inside.chroot("rmdir $D/tmp"), NEWEST, "has no directory /tmp");
  }

  @Test
  void aTmpThatIsALinkIsRefusedAndNotFollowed() {
    assertRefusal(
        Inside.chroot("rmdir $D/tmp; ln -s /dev $D/tmp"), NEWEST, "has no directory /tmp");
  }

  /** Each JVM of the tests creates a removed socket again, within a second. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aSocketThatWasRemovedIsMadeAgain(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      Files.delete(Path.of("/tmp/.java_pid" + target.pid()));
      assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "b").out()).contains("plan b");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void aJvmThatLoadsNoAgentsIsRefusedWithItsFlag(Jdk jdk) {
    assertRefusal(
        List.of(),
        NEWEST,
        jdk,
        "was started with -XX:-EnableDynamicAgentLoading; start it without, or with -javaagent",
        "-XX:-EnableDynamicAgentLoading");
  }

  /** A JVM that does not yet catch SIGQUIT would end by this signal. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatIsStartingIsRefusedAndGetsNoSignal(Jdk jdk) throws Exception {
    Path paused = directory.resolve("paused");
    try (Target target =
        Target.launch(
            jdk,
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+PauseAtStartup",
            "-XX:PauseAtStartupFile=" + paused)) {
      Awaitility.await().until(() -> Files.exists(paused));
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence("does not catch SIGQUIT: it is still starting");
      Files.delete(paused);
      assertThat(target.readLine()).isEqualTo("ready");
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * Older JVMs publish performance data at the end of the start. Newer JVMs accept an attach
   * earlier.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void whileItsOwnAgentStartsOnlyAnOlderJvmIsRefused(Jdk jdk) throws Exception {
    String said = jdk.version() < 17 ? "JVM %d is still starting; try again" : "";
    assertStarting(jdk, said);
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aStartingJvmThatDoesNotListenIsRefusedWithItsFlag(Jdk jdk) throws Exception {
    assertStarting(jdk, "with -XX:+DisableAttachMechanism", "-XX:+DisableAttachMechanism");
  }

  private void assertStarting(Jdk jdk, String said, String... options) throws Exception {
    Path waits = Files.createFile(directory.resolve("waits"));
    Path jar = OtherAgent.jar("EmptyAgent");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-javaagent:" + jar + "=" + waits);
    try (Target target = Target.launch(jdk, all.toArray(new String[0]))) {
      Awaitility.await().until(() -> Files.exists(Path.of(waits + ".seen")));
      Cli early = Cli.run("check", target.pid());
      assertThat(early.out()).contains(said.formatted(target.pid()));
      assertThat(early.out()).contains(said.isEmpty() ? "attach            possible" : "refused:");
      if (!said.isEmpty()) {
        Cli.run("attach", target.pid(), "-x", "1").assertSentence(said.formatted(target.pid()));
      }
      Files.delete(waits);
      assertThat(target.readLine()).isEqualTo("ready");
      if (options.length == 0) {
        assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      Files.delete(jar);
    }
  }

  /**
   * The flag is an argument of the application, a word in the environment, or overridden by a later
   * flag.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFlagThatIsOnlyMentionedIsNone(Jdk jdk) {
    String flag = "-XX:+DisableAttachMechanism";
    List<String> said = List.of("env", "NOTE=" + flag, "sh", "-c", "exec \"$@\" " + flag, "sh");
    for (String data : List.of("-XX:+UsePerfData", "-XX:-UsePerfData")) {
      try (Target target = Target.startBy(said, jdk, data, flag, "-XX:-DisableAttachMechanism")) {
        Cli attached = Cli.run("attach", target.pid(), "-x", "1");
        assertThat(attached.code()).as(attached.out()).isZero();
        assertThat(target.ask("hello")).isEqualTo("echo hello");
      }
    }
  }

  @Test
  void aSocketThatAnotherUsersJvmLeftIsNamed() throws IOException {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = Target.startBy(Inside.NOBODY, NEWEST)) {
      Path socket = Files.createFile(Path.of("/tmp/.java_pid" + target.pid()));
      for (List<String> by : List.of(List.<String>of(), Inside.NOBODY)) {
        Cli.runBy(by, NEWEST, Cli.JAR, "attach", target.pid(), "-x", "1")
            .assertSentence(
                "%s is in the way of JVM %d: user root's JVM of that pid was killed and left it"
                    .formatted(socket, target.pid()));
      }
      Files.delete(socket);
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * The container belongs to root and has more capabilities than the launcher: another user would
   * not help.
   */
  @ParameterizedTest
  @CsvSource({"JVM, -sys_ptrace", "process, '-sys_ptrace,-sys_admin,-cap_38'"})
  void theCapabilityThatIsMissingIsNamed(String what, String capabilities) throws IOException {
    List<String> withoutTracing =
        List.of("setpriv", "--bounding-set=" + capabilities, "--inh-caps=" + capabilities);
    Inside.assume(Inside.container(), NEWEST);
    Inside.assume(withoutTracing, NEWEST);
    try (Target target = Target.startBy(Inside.container(), NEWEST)) {
      Cli.runBy(withoutTracing, NEWEST, Cli.JAR, "attach", target.pid(), "-x", "1")
          .assertSentence(
              "the files of %s %d (uid:gid 0:0) cannot be reached from here (uid:gid 0:0, no right to trace it); run allocmem as root with CAP_SYS_PTRACE, or inside"
                  .formatted(what, target.pid()));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
    }
  }

  /** The parent becomes a program that never waits for its child; a shell would. */
  @Test
  void aZombieIsSaidToHaveEnded() throws IOException {
    Process parent = new ProcessBuilder("sh", "-c", "sleep 100 & echo $!; exec sleep 100").start();
    try {
      LinuxProcess zombie = new LinuxProcess(Long.parseLong(parent.inputReader().readLine()));
      Awaitility.await().until(() -> new LinuxProcess(parent.pid()).name().equals("sleep"));
      ProcessHandle.of(zombie.pid()).orElseThrow().destroyForcibly();
      Awaitility.await().until(() -> zombie.state().equals("Z"));
      Cli.run("attach", zombie.pid(), "-x", "1")
          .assertSentence("has ended, its parent has not noticed");
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void anotherUsersJvmIsRefusedWithTheCommandForThatUser() throws Exception {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = Target.start(NEWEST)) {
      List<String> command = new ArrayList<>(Inside.NOBODY);
      command.addAll(List.of(NEWEST.java(), "-cp", Cli.JAR.toString()));
      command.addAll(List.of(Launcher.class.getName(), "attach", "" + target.pid(), "-x", "1"));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes());
      new Cli(process.waitFor(), out)
          .assertSentence(
              "process %d belongs to user root, you are nobody; run it as that user: sudo -u root"
                  .formatted(target.pid()));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void aLauncherThatTheOtherUserCannotReadIsNamed() throws Exception {
    Path jar = directory.resolve("allocmem.jar"); // the directory is closed to other users
    Files.copy(Cli.JAR, jar);
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = Target.startBy(Inside.NOBODY, NEWEST)) {
      List<String> command = List.of(NEWEST.java(), "-jar", jar.toString(), "attach");
      List<String> whole = new ArrayList<>(command);
      whole.addAll(List.of("" + target.pid(), "-x", "1"));
      Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes());
      new Cli(process.waitFor(), out)
          .assertSentence("put both where all users may read", "user nobody of");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void anAttachIsRefusedUntilTheOtherVersionIsReleased() throws IOException {
    Path other = directory.resolve("other-agent.jar");
    Jars.copyWithVersion(Target.AGENT, other, "0.0.7");
    try (Target target = Target.start(NEWEST, "-javaagent:" + other + "=x=5")) {
      Plans.await(target, Phase.HOLDING);
      Cli.run("attach", target.pid(), "-x", "1", "-n", "second")
          .assertSentence(
              "agent 0.0.7 is inside JVM %1$d already, this launcher brings agent "
                  .formatted(target.pid()),
              "release the plans of that agent first (allocmem release %d)"
                  .formatted(target.pid()));
      assertThat(Cli.run("release", target.pid()).code()).isZero();
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void assertRefusal(List<String> by, Jdk from, String sentence) {
    assertRefusal(by, from, NEWEST, sentence);
  }

  private static void assertRefusal(
      List<String> by, Jdk from, Jdk to, String sentence, String... options) {
    if (!by.isEmpty()) {
      Inside.assume(by.contains("chroot") ? by.subList(0, by.indexOf("chroot")) : by, to);
    }
    try (Target target = Target.startBy(by, to, options)) {
      Cli.run(from, "attach", target.pid(), "-x", "1").assertSentence(sentence);
      assertThat(Cli.run(from, "check", target.pid()).out()).contains("refused: ", sentence);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
