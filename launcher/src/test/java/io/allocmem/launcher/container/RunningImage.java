package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Podman;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code allocmem run} as the process 1 of a container of the image. */
class RunningImage {
  /** The line of the reference tool, unchanged. */
  private static final String LINE = "-m 100 -x 2048 -e 1000 -f 0.25";

  private static final String SECOND_BLOCK =
      "block 2: +100 MiB, 25 % touched; 200 MiB committed, 50 MiB touched so far";

  private static final String SMALL = "-a native -m 10 -x 50";
  private static final String NAME = "running";
  private static final String ENDED = "ended: everything is released";

  /** Limit for the end of a container after a signal. */
  private static final Duration END = Duration.ofSeconds(2);

  private static Podman podman;

  @BeforeAll
  static void load() {
    podman = Podman.withImage();
  }

  @AfterAll
  static void remove() {
    if (podman != null) {
      podman.close();
    }
  }

  /** The default heap would be 256 MiB, a quarter of the limit: two blocks. */
  @Test
  void theLineOfTheReferenceToolRunsInATerminalUntilCtrlC() throws Exception {
    List<String> line = podman.imageCommand("-it --rm --memory 1g", LINE);
    Process terminal =
        new ProcessBuilder("script", "-qefc", String.join(" ", line), "/dev/null").start();
    BufferedReader out = terminal.inputReader();
    String text = "";
    while (!text.contains(SECOND_BLOCK)) {
      String next = out.readLine();
      assertThat(next).as(text).isNotNull();
      text += next;
    }
    assertThat(text).contains("21 blocks of 100 MiB = 2100 MiB, 525 MiB touched", "heap of 2");
    terminal.getOutputStream().write(3);
    terminal.getOutputStream().flush();
    assertThat(terminal.waitFor(Patience.of(END).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(out.lines().toList()).contains(ENDED);
    assertThat(terminal.exitValue()).isEqualTo(130);
  }

  @Test
  void theSamePlanHoldsWithoutATerminalBelowItsOwnSize() {
    Cli run = podman.image("--memory 1g", LINE.replace("-e 1000", "-e 20") + " --then release");
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("limit reached: 21 blocks, 2100 MiB committed, 525 MiB touched", ENDED);
  }

  @Test
  void aLimitThatIsTooSmallIsRefusedWithFiguresBeforeTheStart() {
    Cli run = podman.image("--memory 512m", LINE);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.out())
        .startsWith("allocmem: the plan takes up to ")
        .contains("and the container has ", " MiB free (capacity 512 MiB, used ", "allocmem ")
        .contains("(OOM kill); raise the limit to ", "confirm with --yes")
        .doesNotContain("leaks alone");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalToProcess1ReleasesAndEnds(String signal, int code) throws Exception {
    podman.start(NAME, "--memory 512m", SMALL);
    try {
      awaitHeld();
      assertThat(podman.run("exec", NAME, "/bin/sh", "-c", "grep -l State:.Z /proc/*/status").out())
          .as("zombies")
          .isEmpty();
      LinuxProcess first = new LinuxProcess(pid());
      Signal.send(signal, first.pid());
      Awaitility.await().atMost(Patience.of(END)).until(first::hasEnded);
      assertThat(podman.run("wait", NAME).done().strip()).isEqualTo(Integer.toString(code));
      assertThat(podman.run("logs", NAME).out()).contains("released 50 MiB by", ENDED);
    } finally {
      podman.run("rm", "-f", "-t", "0", NAME);
    }
  }

  @Test
  void aKillLeavesNoJvm() {
    podman.start(NAME, "", SMALL);
    try {
      awaitHeld();
      LinuxProcess jvm =
          ProcessHandle.of(pid())
              .orElseThrow()
              .children()
              .map(ProcessHandle::pid)
              .map(LinuxProcess::new)
              .findFirst()
              .orElseThrow();
      podman.run("kill", "-s", "KILL", NAME).done();
      Awaitility.await().atMost(Patience.of(END)).until(jvm::hasEnded);
      assertThat(podman.run("wait", NAME).done().strip()).isEqualTo("137");
    } finally {
      podman.run("rm", "-f", "-t", "0", NAME);
    }
  }

  private static void awaitHeld() {
    Awaitility.await().until(() -> podman.run("logs", NAME).out().contains("limit reached"));
  }

  private static long pid() {
    return Long.parseLong(podman.run("inspect", "-f", "{{.State.Pid}}", NAME).done().strip());
  }

  @Test
  void anOomKillOfTheJvmIsNamedWithFigures() {
    Cli run = podman.image("--memory 256m", "-a native -m 10 -x 1000 --yes");
    assertThat(run.code()).as(run.out()).isEqualTo(5);
    assertThat(run.out())
        .contains("allocmem: the kernel killed JVM ", "(OOM kill, counted in ")
        .contains(": limit 256 MiB, largest usage 256 MiB");
  }

  @ParameterizedTest
  @CsvSource({
    "--read-only",
    "--read-only --user 12345:0",
    "--user 12345:6789 --cap-drop all --security-opt no-new-privileges",
    "--env HOME= --env LC_ALL=",
  })
  void aReadOnlyRootAndAnyUserMakeNoDifference(String options) {
    Cli run = podman.image(options, "-m 10 -x 50 -f 0.5 -d 500ms");
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains("50 MiB committed, 25 MiB touched, 25 MiB resident", ENDED);
  }

  /** An engine mounts /dev/shm without the right to execute, so no page library can be loaded. */
  @Test
  void withoutAWritableTmpThePlanRunsAndNamesWhatIsMissing() {
    Cli run = podman.image("--read-only --read-only-tmpfs=false", "-m 10 -x 50 -f 0.5 -d 500ms");
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("limit reached: 5 blocks", "fill ratio not enforced", "/dev/shm");
  }

  @Test
  void withoutAnyWritableDirectoryTheRefusalNamesTheRemedy() {
    Cli run =
        podman.image(
            "--read-only --read-only-tmpfs=false -v /etc/hostname:/dev/shm:ro", "-m 10 -x 50");
    run.assertSentence(
        "no directory for the plan's files (/tmp: Read-only file system; /dev/shm: ",
        "make one of them writable");
  }
}
