package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.CourierWatcher;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attach by root to JVMs of other users. Meanwhile these users gain no resource of root: the test
 * watches all their processes during the attach.
 */
@Isolated
class CourierIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int TIMES = Boolean.getBoolean("allocmem.test.long") ? 20 : 2;

  private static Stream<Arguments> others() {
    return Stream.of(
        Arguments.of("another user", Inside.NOBODY),
        Arguments.of("a user namespace of that user's", Inside.userContainer()),
        Arguments.of("users that root has mapped", Inside.mappedContainer()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  void noProcessOfThatUserHasWhatIsRoots(String who, List<String> by) throws Exception {
    Inside.assume(by, NEWEST);
    assumeThat(Path.of("/usr/bin/script")).exists();
    try (Target target = Target.startBy(by, NEWEST)) {
      CourierWatcher watcher = new CourierWatcher(target.pid());
      CompletableFuture<Void> watching = CompletableFuture.runAsync(watcher);
      for (int time = 0; time < TIMES; time++) {
        String attached = withTerminal("attach", target.pid(), "-x", "1", "-n", "p" + time);
        assertThat(attached).contains("plan p" + time + " in JVM " + target.pid());
      }
      watcher.done.set(true);
      watching.get();
      assertThat(watcher.seen).as("processes that were looked at").isGreaterThanOrEqualTo(TIMES);
      assertThat(watcher.found).isEmpty();
      assertThat(InProcess.run("release", target.pid()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * Rights as under kubectl debug. Some kernels allow more with other capabilities, therefore
   * several are dropped.
   */
  private static final List<String> WITHOUT_TRACING =
      List.of(
          "setpriv",
          "--bounding-set=-sys_ptrace,-sys_admin,-cap_38",
          "--inh-caps=-sys_ptrace,-sys_admin,-cap_38");

  private static final List<String> NOT_DUMPABLE =
      Stream.concat(
              Inside.NOBODY.stream(),
              Stream.of("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"))
          .toList();

  private static Stream<Arguments> closed() {
    return Stream.of(
        Arguments.of("another user", Inside.NOBODY, Jdks.all().get(0)),
        Arguments.of("another user's container", Inside.nobodysContainer(), NEWEST));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("closed")
  void rootWithoutTheRightToTraceDoesAllByThatUser(String who, List<String> by, Jdk jdk)
      throws IOException {
    Inside.assume(by, jdk);
    try (Target target = Target.startBy(by, jdk)) {
      Object pid = target.pid();
      assertThat(untraced("attach", pid, "-x", "5", "--lease", "60s"))
          .contains("plan default in JVM " + pid + ": 5 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      awaitListed(pid + " .*TargetApplication +default: HOLDING 5 MiB");
      assertThat(untraced("check", pid)).contains("attach            possible", "HOLDING 5 MiB");
      assertThat(untraced("status", pid)).contains("HOLDING", "TargetApplication");
      CompletableFuture<String> watched =
          CompletableFuture.supplyAsync(() -> untraced("watch", pid));
      assertThat(untraced("clean")).doesNotContain(pid + ".default");
      assertThat(untraced("pause", pid)).contains("plan default in JVM " + pid + ": PAUSED");
      assertThat(untraced("resume", pid)).contains("plan default in JVM " + pid);
      assertThat(untraced("renew", pid)).isEmpty();
      assertThat(untraced("release", pid)).contains("released 5 MiB");
      assertThat(watched.join()).contains("plan default: PAUSED, 5 blocks", "default: RELEASED");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void whatIsClosedToItsOwnUserIsSaid() throws IOException {
    Inside.assume(NOT_DUMPABLE, NEWEST);
    try (Target target = Target.startBy(NOT_DUMPABLE, NEWEST)) {
      String sentence =
          "%d (uid:gid 65534:65534) cannot be reached from here (uid:gid 0:0, no right to trace it)"
              .formatted(target.pid());
      for (String command : List.of("attach", "status", "release")) {
        Object[] more = command.equals("attach") ? new Object[] {"-x", "1"} : new Object[0];
        Object[] words = Stream.concat(Stream.of(command, target.pid()), Stream.of(more)).toArray();
        Cli.runBy(WITHOUT_TRACING, NEWEST, Cli.JAR, words).assertSentence(sentence);
      }
      awaitListed(target.pid() + " +nobody +65534:65534 +\\? +Target");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /**
   * With the capability to trace, root reaches a JVM that is not dumpable; its {@code /proc/PID}
   * belongs to root.
   */
  @Test
  void aJvmThatIsNotDumpableIsItsUsers() throws IOException {
    Inside.assume(NOT_DUMPABLE, NEWEST);
    try (Target target = Target.startBy(NOT_DUMPABLE, NEWEST)) {
      Object pid = target.pid();
      assertThat(Cli.run("attach", pid, "-x", "5").out()).contains("5 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("list").out())
          .containsPattern("(?m)^" + pid + " +nobody .*Target.* +default: HOLDING 5 MiB");
      assertThat(InProcess.run("check", pid).out()).contains("user              nobody");
      assertThat(InProcess.run("status", pid).out()).contains("HOLDING");
      assertThat(InProcess.run("release", pid).out()).contains("released 5 MiB");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** On a machine under load, a list of bounded time shows a question mark for a late courier. */
  private static void awaitListed(String row) {
    Pattern pattern = Pattern.compile("(?m)^" + row);
    Awaitility.await().until(() -> pattern.matcher(untraced("list")).find());
  }

  private static String untraced(Object... words) {
    Cli done = Cli.runBy(WITHOUT_TRACING, NEWEST, Cli.JAR, words);
    assertThat(done.code()).as(done.out()).isZero();
    return done.out();
  }

  /** Runs the launcher with a terminal and with a secret in the environment, as a user does. */
  private static String withTerminal(Object... words) throws IOException {
    StringBuilder line = new StringBuilder(NEWEST.java() + " -jar " + Cli.JAR);
    for (Object word : words) {
      line.append(' ').append(word);
    }
    ProcessBuilder script = new ProcessBuilder("script", "-qec", line.toString(), "/dev/null");
    script.environment().put("SECRET", "of root's");
    Process process = script.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
