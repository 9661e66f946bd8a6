package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Living plans without a lock or in a hidden process, and plans of ended processes. Runs as a user
 * of its own: {@code clean} must not meet files of other tests.
 */
@Isolated
class LivenessIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String USER = "54322";
  private static final List<String> AS_USER =
      List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
  private static final List<String> NAMESPACE =
      List.of("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child");
  private static final Path DIRECTORY = ControlDirectory.of(USER);

  @BeforeEach
  void asRoot() {
    Inside.assume(AS_USER, NEWEST);
  }

  @AfterEach
  void removeDirectory() throws IOException {
    if (Files.isDirectory(DIRECTORY)) {
      for (Path file : files("")) {
        Files.delete(file);
      }
      Files.delete(DIRECTORY);
    }
  }

  private static List<Path> files(String end) throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanWhoseLockIsLostIsShownAsItIsAndTold(Jdk jdk) throws Exception {
    try (Target target = hold(AS_USER, jdk)) {
      loseLock(target);
      assertThat(cli("status", target.pid()).out()).contains("HOLDING").doesNotContain("DEAD");
      assertThat(cli("list").out())
          .containsPattern("(?m)^%d .*default: HOLDING 5 MiB".formatted(target.pid()))
          .doesNotContain(target.pid() + ".default");
      assertThat(cli("clean").out()).contains("nothing is left over");
      assertThat(cli("pause", target.pid()).out()).contains("PAUSED");
      Signal.send("STOP", target.pid());
      assertThat(cli("status", target.pid()).out()).contains("PAUSED").doesNotContain("DEAD");
      assertThat(cli("clean").out()).contains("nothing is left over");
      Signal.send("CONT", target.pid());
      assertThat(cli("release", target.pid()).out()).contains("released 5 MiB");
      Awaitility.await().until(() -> files(".default").isEmpty());
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** The ended process keeps its pid until the parent waits for its child; the plan is over. */
  @Test
  void aPlanOfAZombieIsDead() throws Exception {
    String parent = "exec 3<&0; \"$@\" <&3 & exec 3<&-; exec sleep 100";
    List<String> by = new ArrayList<>(AS_USER);
    by.addAll(List.of("sh", "-c", parent, "sh"));
    try (Target target = hold(by, NEWEST)) {
      assertThat(target.pid()).isNotEqualTo(target.process().pid());
      Signal.send("KILL", target.pid());
      LinuxProcess process = new LinuxProcess(target.pid());
      Awaitility.await().until(() -> process.state().equals("Z"));
      assertThat(cli("status", target.pid()).out()).contains("DEAD").doesNotContain("HOLDING");
      Cli released = cli("release", target.pid());
      assertThat(released.code()).isEqualTo(ExitCode.ENDED.number());
      String ended = "JVM " + target.pid() + " has ended without a shutdown: exit code 137";
      assertThat(released.out()).contains(ended);
      cli("attach", target.pid(), "-x", "1").assertSentence("has ended, its parent has not");
      assertThat(cli("list").out())
          .doesNotContainPattern("(?m)^%d ".formatted(target.pid()))
          .contains("LEFT OVER", "plan default of a JVM that is dead, pid " + target.pid());
      assertThat(cli("clean").out()).contains("removed ");
      assertThat(files(".default")).isEmpty();
    }
  }

  private static Stream<Arguments> places() {
    List<String> inNamespace = new ArrayList<>(NAMESPACE);
    inNamespace.addAll(AS_USER);
    return Stream.of(
        Arguments.of("here, and cleaned in a container", AS_USER, inNamespace),
        Arguments.of("in a container, and cleaned here", inNamespace, AS_USER),
        Arguments.of("in a container, and cleaned in another", inNamespace, inNamespace));
  }

  /** The two pid namespaces share one {@code /tmp}. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aPlanOfAnotherPidNamespaceIsNotCleaned(String what, List<String> by, List<String> cleaner)
      throws Exception {
    try (Target target = hold(by, NEWEST)) {
      Path file = controlFile();
      assertStays(cleaner, file);
      loseLock(target);
      assertStays(cleaner, file);
      assertThat(Cli.run("release", target.pid()).out()).contains("released 5 MiB");
      Awaitility.await().until(() -> Files.notExists(file));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void assertStays(List<String> cleaner, Path file) {
    Cli cleaned = Cli.runBy(cleaner, NEWEST, Cli.JAR, "clean");
    assertThat(cleaned.out()).isEqualTo("nothing is left over%n".formatted());
    assertThat(file).exists();
  }

  /** The kernel reuses a pid after all others; the test sets the last pid. */
  @Test
  void aJvmWithThePidOfAKilledOneHasNotItsPlans() throws Exception {
    String again =
        """
        exec 3<&0
        while :; do echo 1000 > /proc/sys/kernel/ns_last_pid; "$@" <&3 & wait $!; done
        """;
    List<String> by = new ArrayList<>(NAMESPACE);
    by.addAll(List.of("sh", "-c", again, "sh"));
    by.addAll(AS_USER);
    Inside.assume(NAMESPACE, NEWEST);
    try (Target first = Target.startBy(by, NEWEST)) {
      assertThat(cli("attach", first.pid(), "-x", "5").code()).isZero();
      Path file = DIRECTORY.resolve("1001.default");
      assertThat(file).exists();
      Signal.send("KILL", first.pid());
      assertThat(first.readLine()).isEqualTo("ready");
      long next = jvmBelow(first.process().toHandle());
      assertThat(new LinuxProcess(next).pidInside()).isEqualTo(1001);
      assertThat(cli("status", next).out()).isEqualTo("no plan is held in %d%n".formatted(next));
      for (String command : List.of("pause", "resume", "renew", "release")) {
        cli(command, next).assertSentence("no plan is held in " + next);
      }
      assertThat(cli("list").out()).contains("LEFT OVER", file.toString());
      assertThat(cli("attach", next, "-x", "3").out()).contains("3 blocks of 1 MiB");
      assertThat(cli("clean").out()).isEqualTo("nothing is left over%n".formatted());
      assertThat(cli("release", next).out()).contains("released 3 MiB");
      assertThat(first.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static long jvmBelow(ProcessHandle process) {
    return process
        .descendants()
        .map(ProcessHandle::pid)
        .filter(pid -> new LinuxProcess(pid).libjvm().isPresent())
        .findFirst()
        .orElseThrow();
  }

  private static Target hold(List<String> by, Jdk jdk) {
    Target target = Target.startBy(by, jdk, "-javaagent:" + Target.AGENT + "=x=5");
    Plans.await(target, Phase.HOLDING);
    return target;
  }

  private static Path controlFile() throws IOException {
    List<Path> files = files(".default");
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  /**
   * Opens and closes the control file within the JVM, as a scanner of files would; closing drops
   * the lock, see fcntl(2).
   */
  private static void loseLock(Target target) throws IOException {
    Path file = controlFile();
    assertThat(isLocked(file)).isTrue();
    assertThat(target.ask("open " + file)).isEqualTo("closed");
    assertThat(isLocked(file)).isFalse();
  }

  private static boolean isLocked(Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(4095, 1, true)) {
      return lock == null;
    }
  }

  /**
   * Runs the command as root within this JVM: faster than a new JVM. Runs only the command clean as
   * the test's user.
   */
  private static Cli cli(Object... arguments) {
    if (arguments[0].equals("clean")) {
      return Cli.runBy(AS_USER, NEWEST, Cli.JAR, arguments);
    }
    return InProcess.run(arguments);
  }
}
