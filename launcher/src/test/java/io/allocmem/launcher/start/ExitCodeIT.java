package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit codes tell a script how far a plan came, and the cause of an early end. */
class ExitCodeIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  /** The first two looked like a success: 250 of 2050 MiB, and 10 of 200 blocks. */
  @ParameterizedTest
  @CsvSource({
    "-m 50 -x 2g -d 2s -J-Xmx256m, SHORT, did not reach 2050 MiB: EXHAUSTED with",
    "-x 200 -e 100 -d 1s, SHORT, did not reach 200 MiB: ALLOCATING with",
    "-m 10 -x 100 --keep-free 90% -d 1s -J-Xmx128m, SHORT, did not reach 100 MiB: GUARDED with",
    "-x 3 -a native -d 500ms, DONE, RELEASED",
    "-x 3 -a native --then release, DONE, ''",
    "-x 3 -a native --then cycle --hold-time 1ms -d 500ms, DONE, RELEASED",
    "-m 16 -x 0 -d 1s -J-Xmx128m, DONE, RELEASED",
    "-x 3 -a native -d 60s --stop-if stall.max>1ms, STOPPED, released by --stop-if stall.max>1ms",
    "-x 1 -J-Xno-such-option, FAILED, the JVM ended with exit code 1",
    "-x 1 -J-version, FAILED, 'exit code 0, without a plan'",
    "-x 1 -d 4q, USAGE, invalid option",
  })
  void runEndsWithTheVerdictOnThePlan(String words, ExitCode code, String said) {
    Cli run = run(words);
    assertThat(run.code()).as(run.out()).isEqualTo(code.number());
    assertThat(run.out()).contains(said);
  }

  @Test
  void runNamesTheFlagThatEndedItsJvm(@TempDir Path directory) {
    String risk = "-m 1 -x 0 --oom allow -J-Xmx64m -J-XX:";
    String crash = "+CrashOnOutOfMemoryError -J-XX:-CreateCoredumpOnCrash -J-XX:ErrorFile=";
    assertKilled(run(risk + "+ExitOnOutOfMemoryError"), "(exit 3)", EXIT);
    assertKilled(run(risk + crash + directory.resolve("hs_err")), "-XX:+CrashOnOutOfMemoryError");
  }

  @Test
  void runNamesTheSignalThatKilledItsJvm() {
    List<String> words = words("-m 1 -x 0 --oom allow -J-Xmx64m");
    words.add("-J-XX:OnOutOfMemoryError=kill -9 %p");
    assertKilled(InProcess.run(words.toArray()), "was killed (exit 137, SIGKILL)");
  }

  /** By itself the kernel ends the largest process. */
  @Test
  void runNamesTheKernelsOomKillOfItsJvmAndALargerNeighbourLives() throws IOException {
    try (Cgroup cgroup = Cgroup.ofMemory(450 << 20)) {
      Process neighbour = cgroup.neighbour(220);
      try {
        Awaitility.await().until(() -> cgroup.free() < 240 << 20);
        String words = "run -m 16 -x 2g -a native --oom allow --yes";
        Cli run = Cli.runBy(cgroup.enter(), NEWEST, Cli.JAR, (Object[]) words.split(" "));
        String group = "OOM kill, counted in " + cgroup.directory();
        assertKilled(
            run, "the kernel killed JVM", group + "): limit 450 MiB, largest usage 450 MiB");
        assertThat(neighbour.isAlive()).isTrue();
        assertThat(cgroup.free()).isLessThan(240 << 20);
      } finally {
        neighbour.getOutputStream().close();
      }
    }
  }

  @Test
  void aHoldThatEndsEarlyIsNoSuccess() {
    try (Target target = Target.start(NEWEST, "-Xmx64m")) {
      Cli job = hold(target, "-m 5 -x 300 -d 1s");
      assertThat(job.code()).as(job.out()).isEqualTo(ExitCode.SHORT.number());
      assertThat(job.out()).contains("plan default did not reach 300 MiB: EXHAUSTED with");
      assertThat(hold(target, "-m 5 -x 10 -d 500ms").code()).isZero();
      assertThat(hold(target, "-x 1 --then release").code()).isZero();
    }
  }

  @Test
  void aHoldNamesTheEndOfTheJvm() throws Exception {
    assertEndOfHold("KILL", "JVM %d has ended without a shutdown");
    assertEndOfHold("TERM", "allocmem: JVM %d has ended");
  }

  private static void assertEndOfHold(String signal, String said) throws Exception {
    try (Target target = Target.start(NEWEST)) {
      CompletableFuture<Cli> job = CompletableFuture.supplyAsync(() -> hold(target, "-x 1"));
      Plans.await(target, Phase.HOLDING);
      Path file = target.controlFiles().get(0);
      Awaitility.await().until(() -> renewals(file) > 0); // from then on the job follows the plan
      Signal.send(signal, target.pid());
      Cli ended = job.get(Patience.seconds(20), TimeUnit.SECONDS);
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.ENDED.number());
      assertThat(ended.out()).contains(said.formatted(target.pid()));
      Cli released = InProcess.run("release", target.pid());
      assertThat(released.code()).as(released.out()).isEqualTo(ExitCode.ENDED.number());
    }
  }

  private static long renewals(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).getLong(ControlLayout.RENEWALS);
  }

  @Test
  void aHoldNamesTheFlagThatEndedTheJvm() {
    try (Target target = Target.start(NEWEST, "-Xmx64m", EXIT)) {
      assertKilled(hold(target, "-x 0 --oom allow"), "ended without a shutdown, and has " + EXIT);
    }
  }

  @Test
  void aHoldNamesTheKernelsOomKill() {
    try (Cgroup cgroup = Cgroup.ofMemory(200 << 20);
        Target target = Target.startBy(cgroup.enter(), NEWEST, "-Xmx32m")) {
      Cli job = hold(target, "-m 16 -x 2g -a native --oom allow");
      assertKilled(job, "the kernel killed JVM " + target.pid(), "OOM kill");
    }
  }

  private static void assertKilled(Cli cli, String... said) {
    assertThat(cli.code()).as(cli.out()).isEqualTo(ExitCode.KILLED.number());
    assertThat(cli.out()).contains(said);
  }

  /** Without the live view, the JVM would write into the output of the tests. */
  private static List<String> words(String words) {
    List<String> all = new ArrayList<>(List.of("run", "--watch"));
    all.addAll(List.of(words.split(" ")));
    return all;
  }

  private static Cli run(String words) {
    return InProcess.run(words(words).toArray());
  }

  private static Cli hold(Target target, String words) {
    List<Object> all = new ArrayList<>(List.of("attach", target.pid(), "--hold"));
    all.addAll(List.of(words.split(" ")));
    return InProcess.run(all.toArray());
  }
}
