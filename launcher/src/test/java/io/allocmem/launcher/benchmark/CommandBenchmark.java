package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Time of commands against the JDK's own commands for the same work. The bundle is the one that
 * {@code -Pbundle} made. Only shown, not judged: {@code list} and {@code attach} take about twice
 * their goals. Runs with {@code -Pbenchmark}.
 */
class CommandBenchmark {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String JCMD = NEWEST.home().resolve("bin/jcmd").toString();
  private static final Path BUNDLE = Path.of("target/bundle/allocmem-linux-x64/bin/allocmem");
  private static final int ROUNDS = 15;

  @TempDir private Path directory;

  private static List<String> launcher(String kind) {
    boolean bundle = kind.equals("bundle");
    assumeThat(!bundle || BUNDLE.toFile().canExecute()).as("a bundle, by -Pbundle").isTrue();
    String jar = Cli.JAR.toString();
    return bundle ? List.of(BUNDLE.toString()) : List.of(NEWEST.java(), "-jar", jar);
  }

  private static double millis(List<String> command, Object... words) {
    List<String> whole = new ArrayList<>(command);
    for (Object word : words) {
      whole.add(word.toString());
    }
    long start = System.nanoTime();
    Cli.of(whole, "").done();
    return (System.nanoTime() - start) / 1e6;
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "list"})
  void readingIsAsFastAsJcmd(String command) throws Exception {
    List<String> launcher = launcher("bundle");
    try (Target target = Target.startWithAgent(NEWEST, "x=10,a=native")) {
      List<Object> words = new ArrayList<>(List.of(command));
      words.addAll(command.equals("status") ? List.of(target.pid()) : List.of());
      Rounds rounds =
          Rounds.of(
              ROUNDS,
              Map.of(
                  "ours", () -> millis(launcher, words.toArray()),
                  "jcmd", () -> millis(List.of(JCMD, "-l"))));
      String what = "%s, bundle, time against jcmd -l, %s".formatted(command, NEWEST);
      Table.show(Row.atMost(1, "", what, rounds.ratios("ours", "jcmd")));
    }
  }

  @ParameterizedTest
  @CsvSource({"bundle, 1.2", "jar, 2"})
  void attachingTakesLittleMoreThanJcmd(String kind, double goal) throws Exception {
    List<String> launcher = launcher(kind);
    Path agent = empty(directory.resolve("empty.so"));
    Rounds rounds =
        Rounds.of(
            ROUNDS,
            Map.of(
                "ours", () -> attach(launcher),
                "jcmd", () -> loadBy(agent)));
    String what = "attach, %s, time against jcmd JVMTI.agent_load, %s".formatted(kind, NEWEST);
    Table.show(Row.atMost(goal, "", what, rounds.ratios("ours", "jcmd")));
  }

  /** An armed JVM needs no attach: from the command to the first block of the plan. */
  @Test
  void theFirstBlockOfAnArmedJvmComesSooner() throws Exception {
    List<String> launcher = launcher("bundle");
    Rounds rounds =
        Rounds.of(
            ROUNDS,
            Map.of(
                "armed", () -> firstBlock(launcher, true),
                "attach", () -> firstBlock(launcher, false)));
    String what = "command to first block, bundle, %s, " + NEWEST;
    Table.show(Row.atMost(100, " ms", what.formatted("armed"), rounds.costs("armed")));
    Table.show(Row.atMost(250, " ms", what.formatted("attach"), rounds.costs("attach")));
  }

  private static double firstBlock(List<String> launcher, boolean armed) throws Exception {
    try (Target target = armed ? Armed.start(NEWEST, "armed") : Target.start(NEWEST)) {
      long start = System.nanoTime();
      CompletableFuture<Double> command =
          CompletableFuture.supplyAsync(
              () -> millis(launcher, "attach", target.pid(), "-x", 16, "-a", "native"));
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(20)))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> hasBlock(target));
      double millis = (System.nanoTime() - start) / 1e6;
      command.join();
      Plans.release(target);
      return millis;
    }
  }

  /** Reads the control file without the launcher's checks, which would take time of the machine. */
  private static boolean hasBlock(Target target) throws IOException {
    for (Path file : target.controlFiles()) {
      Status status = ControlLayout.read(Files.readAllBytes(file));
      if (status != null && status.get(Reading.BLOCKS) > 0) {
        return true;
      }
    }
    return false;
  }

  private static Path empty(Path to) throws Exception {
    Path include = NEWEST.home().resolve("include");
    String more = "-I" + include.resolve("linux");
    return Gcc.buildBench("empty.c", to, "-I" + include, more, "-shared", "-fPIC");
  }

  /** Each attach needs a new target, like the first attach to a service. */
  private static double attach(List<String> launcher) throws Exception {
    try (Target target = Target.start(NEWEST)) {
      double millis = millis(launcher, "attach", target.pid(), "-x", 1, "-a", "native");
      Plans.release(target);
      return millis;
    }
  }

  private static double loadBy(Path agent) {
    try (Target target = Target.start(NEWEST)) {
      double millis = millis(List.of(JCMD, "" + target.pid()), "JVMTI.agent_load", agent);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      return millis;
    }
  }
}
