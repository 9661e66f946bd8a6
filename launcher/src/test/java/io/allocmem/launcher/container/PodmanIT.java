package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.CourierWatcher;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Life of a plan in a container of podman with a memory limit. Skipped on a machine without podman.
 */
@Isolated
class PodmanIT {
  private static final String NAME = "allocmem-test-" + ProcessHandle.current().pid();

  private static final int TIMES = Boolean.getBoolean("allocmem.test.long") ? 10 : 2;

  @TempDir private Path directory;

  /** Returns the JDKs of the distribution: a container can run these JDKs without further files. */
  static Stream<Jdk> packaged() {
    return Jdks.all().stream().filter(jdk -> jdk.home().startsWith("/usr/lib/jvm"));
  }

  /** Builds a root directory from the programs of this machine, without any registry. */
  @BeforeEach
  void makeRoot() throws IOException {
    for (String made : List.of("usr", "tmp", "proc", "dev", "sys", "etc", "run", "classes")) {
      Files.createDirectories(directory.resolve("root/" + made));
    }
    for (String link : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(directory.resolve("root/" + link), Path.of("usr", link));
    }
  }

  @ParameterizedTest
  @MethodSource("packaged")
  void isReachedByThePidThatIsSeenFromHere(Jdk jdk) throws Exception {
    assumeThat(whyNot(jdk)).as("podman cannot run a container here").isEmpty();
    try (Target target = Target.startBy(podman("run", jdk), jdk, "-Xmx256m")) {
      Object pid = podman("inspect", "-f", "{{.State.Pid}}", NAME);
      assertThat(Cli.run("check", pid, "-x", "10").out())
          .contains("attach            possible", "container         capacity 512 MiB");
      assertThat(Cli.run("attach", pid, "-m", "10", "-x", "100").out())
          .contains("10 blocks of 10 MiB = 100 MiB");
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(Cli.run("status", pid).out())
                      .contains("HOLDING", "of 512 MiB", "100 MiB"));
      assertThat(Cli.run("list").out())
          .containsPattern("(?m)^" + pid + " +1 +.*TargetApplication +default: HOLDING 100 MiB");
      assertThat(Cli.run("release", pid).out()).contains("released 100 MiB", "container");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(directory.resolve("root/tmp/allocmem_root"))
          .satisfiesAnyOf(
              own -> assertThat(own).doesNotExist(), own -> assertThat(own).isEmptyDirectory());
    } finally {
      podman("rm", "-f", "-t", "0", NAME);
    }
  }

  /** Root attaches through a process of that user; this process gains no resource of root. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void ofAnotherUserAndGroupIsReachedByRootWhichLendsNothing(Jdk jdk) throws Exception {
    assumeThat(whyNot(jdk)).as("podman cannot run a container here").isEmpty();
    Files.setPosixFilePermissions(
        directory.resolve("root/tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    try (Target target = Target.startBy(podman("run", jdk, "--user=1234:5678"), jdk, "-Xmx256m")) {
      Object pid = podman("inspect", "-f", "{{.State.Pid}}", NAME);
      LinuxProcess seen = new LinuxProcess(Long.parseLong(pid.toString()));
      assertThat(seen.uid() + ":" + seen.gid()).isEqualTo("1234:5678");
      CourierWatcher watcher = new CourierWatcher(seen.pid());
      CompletableFuture<Void> watching = CompletableFuture.runAsync(watcher);
      attach(pid, 0);
      assertThat(Cli.run("check", pid).out()).contains("user              1234");
      assertThat(Cli.run("status", pid).out()).contains("p0 ", "HOLDING", "2 MiB");
      assertThat(Cli.run("list").out())
          .containsPattern(
              "(?m)^%s +1 +1234 +1234:5678 .* %s +TargetApplication .*p0: HOLDING 2 MiB"
                  .formatted(pid, podman("inspect", "-f", "{{slice .Id 0 12}}", NAME)));
      for (int time = 1; time < TIMES; time++) {
        attach(pid, time);
      }
      Cli released = Cli.run("release", pid);
      assertThat(released.code()).as(released.out()).isZero();
      watcher.done.set(true);
      watching.get();
      assertThat(watcher.seen).as("processes that were looked at").isGreaterThanOrEqualTo(TIMES);
      assertThat(watcher.found).isEmpty();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      podman("rm", "-f", "-t", "0", NAME);
    }
  }

  private static void attach(Object pid, int time) {
    Cli attached = Cli.run("attach", pid, "-m", "1", "-x", "2", "-n", "p" + time);
    assertThat(attached.out()).contains("plan p" + time + " in JVM " + pid, "2 blocks of 1 MiB");
  }

  /**
   * The end of a container starts another podman process, which writes into the directories again.
   */
  @AfterEach
  void awaitTheLastPodman() {
    Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .map(one -> new LinuxProcess(one.pid()).commandLine().toString())
                    .noneMatch(words -> words.contains(directory.toString())));
  }

  private String whyNot(Jdk jdk) throws InterruptedException {
    try {
      List<String> trial = podman("run", jdk);
      trial.addAll(List.of(jdk.java(), "-version"));
      Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      return process.waitFor() == 0 ? "" : "exit code " + process.exitValue() + ": " + said;
    } catch (IOException missing) {
      return missing.getMessage();
    }
  }

  private List<String> podman(String run, Jdk jdk, String... options) {
    List<String> command = podman();
    command.addAll(
        List.of(run, "--rm", "-i", "--name", NAME, "--memory", "512m", "--network", "none"));
    command.addAll(List.of(options));
    command.addAll(List.of("--cgroupns", "host", "--ulimit", "nofile=20000:20000"));
    command.addAll(List.of("--ulimit", "nproc=4096:4096"));
    // distributions keep settings of a JDK in /etc
    File[] settings = new File("/etc").listFiles((etc, name) -> name.startsWith("java-"));
    // some JDKs have their C library in the parent directory
    File jdks = jdk.home().getParent().toFile();
    Stream.concat(Stream.of(new File("/usr"), jdks), Stream.of(settings))
        .forEach(shown -> command.addAll(List.of("-v", shown + ":" + shown + ":ro")));
    command.addAll(List.of("-v", Target.CLASSES + ":/classes:ro"));
    command.addAll(List.of("--rootfs", directory.resolve("root").toString()));
    return command;
  }

  /** Returns the command with options that need no setup of the machine. */
  private List<String> podman() {
    return new ArrayList<>(
        List.of(
            "podman",
            "--root=" + directory.resolve("storage"),
            "--runroot=" + directory.resolve("run"),
            "--storage-driver=vfs",
            "--runtime=runc",
            "--cgroup-manager=cgroupfs",
            "--events-backend=file"));
  }

  private String podman(String... words) throws IOException {
    List<String> command = podman();
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes()).strip();
  }
}
