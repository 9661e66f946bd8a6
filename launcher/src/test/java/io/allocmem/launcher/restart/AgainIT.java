package io.allocmem.launcher.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.RestartedService;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Tmux;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach --again} and services that start again. */
class AgainIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int RESTARTS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** A launcher in a process of its own. */
  private static final class Command implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final StringBuilder read = new StringBuilder();

    Command(RestartedService service, String words) throws IOException {
      List<String> command = new ArrayList<>(List.of("env", Signal.DEFAULT_INT, NEWEST.java()));
      command.addAll(List.of("-jar", Cli.JAR.toString(), "attach", service.name()));
      command.addAll(List.of(words.split(" ")));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      out = process.inputReader();
    }

    String await(String part) throws IOException {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        read.append(line).append('\n');
        if (line.contains(part)) {
          return line;
        }
      }
      throw new AssertionError(part + " is missing in: " + read);
    }

    /** Reads the rest, and requires the exit code. */
    String end(int code) throws IOException, InterruptedException {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        read.append(line).append('\n');
      }
      assertThat(process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).as("ended").isTrue();
      assertThat(process.exitValue()).as(read.toString()).isEqualTo(code);
      return read.toString();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static RestartedService service(Jdk jdk) throws IOException {
    return RestartedService.start(List.of(), RestartedService.ALWAYS, jdk);
  }

  /** Ends the JVM, waits for the next JVM, and returns when that JVM handles SIGQUIT. */
  private static void restart(RestartedService service, String signal) throws Exception {
    Signal.send(signal, service.pid());
    service.awaitLine("pid");
    LinuxProcess next = new LinuxProcess(service.pid());
    Awaitility.await().pollInterval(Duration.ofMillis(5)).until(next::catchesSigquit);
  }

  private static long millisUntilFull(RestartedService service) {
    long start = System.nanoTime();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(service::isFull);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aServiceHoldsItsPlanTwoSecondsAfterEachRestart(Jdk jdk) throws Exception {
    try (RestartedService service = service(jdk);
        Command command = new Command(service, "-a native -x 4 --again=" + RESTARTS)) {
      command.await("plan default: HOLDING");
      List<Long> millis = new ArrayList<>();
      for (int i = 1; i <= RESTARTS; i++) {
        restart(service, i % 2 == 0 ? "TERM" : "KILL");
        millis.add(millisUntilFull(service));
        String line =
            "[0-9:]{8} restart %d of 5: plan default in JVM %d, \\d+\\.\\d s after the end";
        assertThat(command.await("restart ")).matches(line.formatted(i, service.pid()));
      }
      System.out.printf("%s: held %s ms after the JVM was ready to attach%n", jdk, millis);
      assertThat(millis).allMatch(each -> each <= Patience.of(LIMIT).toMillis());
      Signal.send("KILL", service.pid());
      assertThat(command.end(ExitCode.ENDED.number()))
          .containsPattern("JVM \\d+ has ended without a shutdown: .*; waiting for the next")
          .contains("; --again=5 allows no further start of plan default");
      service.awaitLine("pid");
      service.awaitLine("ready");
      assertThat(service.isFull()).isFalse();
      assertThat(service.exits()).containsExactly("137", "143", "137", "143", "137", "137");
    }
  }

  @Test
  void theCauseIsTheOomKillOfTheKernel() throws Exception {
    try (Cgroup cgroup = Cgroup.ofMemory(200 << 20);
        RestartedService service =
            RestartedService.start(cgroup.enter(), RestartedService.ALWAYS, NEWEST);
        Command command =
            new Command(service, "-m 16 -x 2g -a native --oom allow --again=1 --json")) {
      String said = command.end(ExitCode.KILLED.number());
      String answer = said.lines().filter(line -> line.startsWith("{")).toList().get(0);
      List<?> restarts = (List<?>) new Cli(0, answer).json().get("restarts");
      assertThat(restarts)
          .singleElement()
          .asString()
          .contains("verdict=KILLED", "cause=the kernel killed JVM ", "OOM kill");
      assertThat(said)
          .contains("allocmem: the kernel killed JVM ", "--again=1 allows no further start");
    }
  }

  /** Afterwards a person releases the plan: the command ends, though the service goes on. */
  @Test
  void theCauseIsTheExitCodeWhereTheParentHasNotReadIt() throws Exception {
    try (RestartedService first =
            RestartedService.start(List.of(), RestartedService.NEVER, NEWEST);
        Command command = new Command(first, "-a native -x 2 --again")) {
      command.await("plan default: HOLDING");
      Signal.send("TERM", first.pid());
      assertThat(command.await("waiting for the next JVM with"))
          .contains("JVM %d has ended with exit code 143".formatted(first.pid()));
      try (RestartedService second = first.another(NEWEST)) {
        command.await("restart 1: plan default in JVM " + second.pid());
        command.await("plan default: HOLDING");
        assertThat(InProcess.run("release", second.pid()).code()).isZero();
        assertThat(command.end(0)).contains("plan default: RELEASED").doesNotContain("restart 2");
        assertThat(second.isFull()).isFalse();
      }
    }
  }

  @Test
  void aRollingRestartIsFollowedAtOnce() throws Exception {
    try (RestartedService old = RestartedService.start(List.of(), RestartedService.NEVER, NEWEST);
        Command command = new Command(old, "-a native -x 2 --again")) {
      command.await("plan default: HOLDING");
      try (RestartedService next = old.another(NEWEST)) {
        assertThat(old.isFull()).isTrue();
        assertThat(next.isFull()).isFalse();
        Signal.send("TERM", old.pid());
        command.await("restart 1: plan default in JVM " + next.pid());
        assertThat(millisUntilFull(next)).isLessThan(Patience.of(LIMIT).toMillis());
      }
    }
  }

  @Test
  void aWaitForTheNextJvmAnswersAtEnter(@TempDir Path directory) throws Exception {
    try (RestartedService service =
            RestartedService.start(List.of(), RestartedService.NEVER, NEWEST);
        Tmux terminal = new Tmux(directory, 150, 24)) {
      String words = "attach " + service.name() + " -x 2 -a native --again";
      terminal.type(NEWEST.java() + " -jar " + Cli.JAR + " " + words);
      terminal.await("plan default: HOLDING");
      Signal.send("KILL", service.pid());
      terminal.await("; waiting for the next JVM");
      terminal.type("");
      terminal.await(lines -> lines.stream().anyMatch(line -> line.matches("[0-9:]+ waiting .*")));
      terminal.press("C-c");
      terminal.await("^C$"); // the shell's prompt
    }
  }

  @Test
  void anInterruptReleasesThePlanOfTheLastRestart() throws Exception {
    try (RestartedService service = service(NEWEST);
        Command command = new Command(service, "-a native -x 2 --again")) {
      command.await("plan default: HOLDING");
      restart(service, "KILL");
      command.await("restart 1: ");
      command.await("plan default: HOLDING");
      Signal.send("INT", command.process.pid());
      assertThat(command.end(130)).contains("plan default: RELEASED");
      Awaitility.await().until(() -> !service.isFull());
    }
  }

  @Test
  void aWaitForTheNextJvmEndsAtAnInterruptAndWithItsReader() throws Exception {
    for (boolean interrupt : new boolean[] {true, false}) {
      try (RestartedService service =
              RestartedService.start(List.of(), RestartedService.NEVER, NEWEST);
          Command command = new Command(service, "-a native -x 2 --again")) {
        command.await("plan default: HOLDING");
        Signal.send("KILL", service.pid());
        command.await("; waiting for the next JVM with");
        command.await(" waiting for the next JVM with"); // once more, on a pipe
        if (interrupt) {
          Signal.send("INT", command.process.pid());
          command.end(130);
        } else {
          command.out.close();
          assertThat(command.process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
          assertThat(command.process.exitValue()).isEqualTo(141);
        }
      }
    }
  }

  @Test
  void aDurationThatIsOverEndsTheCommandAndTheServiceIsUnharmed() throws Exception {
    try (RestartedService service = service(NEWEST)) {
      Cli over =
          InProcess.run(
              "attach", service.name(), "-a", "native", "-x", 1, "-d", "500ms", "--again");
      assertThat(over.code()).as(over.out()).isZero();
      assertThat(over.out()).contains("plan default: RELEASED").doesNotContain("restart");
      assertThat(service.exits()).isEmpty();
    }
  }
}
