package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command run: a JVM of its own that only leaks. */
@Isolated
class RunIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final Pattern PID = Pattern.compile("JVM (\\d+) leaks alone");

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void printsALineForEachBlockAndEndsWhenReleased(Jdk jdk) throws Exception {
    try (Run run =
        new Run(
            "--jdk", jdk.home().toString(), "-m", "10", "-x", "30", "-f", "50%", "-a", "native")) {
      List<String> lines = run.linesUntil("limit reached");
      assertThat(lines)
          .anyMatch(
              l ->
                  l.endsWith(
                      "block 1: +10 MiB, 50 % touched; 10 MiB committed, 5 MiB touched so far"))
          .anyMatch(
              l ->
                  l.endsWith(
                      "block 3: +10 MiB, 50 % touched; 30 MiB committed, 15 MiB touched so far"));
      assertThat(lines.stream().filter(l -> l.contains(": block ")).count()).isEqualTo(3);
      assertThat(Cli.run("release", run.leakingPid).code()).isZero();
      assertThat(run.process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(run.process.exitValue()).isZero();
    }
  }

  @Test
  void endsWithAPlanThatIsOverAtOnce() throws Exception {
    try (Run run = new Run("-x", "1", "-a", "native", "--then", "release")) {
      assertThat(run.process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(run.process.exitValue()).isZero();
    }
  }

  @Test
  void waitsForEnterWhenToldToBreak() throws Exception {
    try (Run run = new Run("-b", "-x", "3", "-a", "native")) {
      run.linesUntil("waits for a resume");
      assertThat(Cli.run("status", run.leakingPid).out()).contains("WAITING");
      run.process.getOutputStream().write('\n');
      run.process.getOutputStream().flush();
      run.linesUntil("limit reached: 3 blocks");
    }
  }

  @Test
  void endsWithTheLauncherHoweverThatEnded() throws Exception {
    List<Path> before = agentJars();
    for (String signal : List.of("INT", "TERM", "KILL")) {
      try (Run run = new Run("-x", "3", "-a", "native")) {
        run.linesUntil("limit reached");
        Awaitility.await().until(() -> agentJars().equals(before));
        ProcessHandle leaking = ProcessHandle.of(run.leakingPid).orElseThrow();
        Signal.send(signal, run.process.pid());
        leaking.onExit().get(Patience.seconds(10), TimeUnit.SECONDS);
        assertThat(leaking.isAlive()).isFalse();
        assertThat(agentJars()).as("after a %s", signal).isEqualTo(before);
      }
    }
  }

  private static List<Path> agentJars() throws IOException {
    try (Stream<Path> files = Files.list(ControlDirectory.own())) {
      return files.filter(file -> file.toString().contains("agent-")).sorted().toList();
    }
  }

  private static final class Run implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final long leakingPid;

    Run(String... arguments) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of("env", Signal.DEFAULT_INT, NEWEST.java(), "-jar", Cli.JAR.toString(), "run"));
      command.addAll(List.of(arguments));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      out = process.inputReader();
      Matcher pid = PID.matcher(linesUntil("leaks alone").toString());
      assertThat(pid.find()).isTrue();
      leakingPid = Long.parseLong(pid.group(1));
    }

    List<String> linesUntil(String part) throws IOException {
      List<String> lines = new ArrayList<>();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (line.contains(part)) {
          return lines;
        }
      }
      throw new AssertionError("no line with '" + part + "' in " + lines);
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().orTimeout(Patience.seconds(20), TimeUnit.SECONDS).join();
    }
  }
}
