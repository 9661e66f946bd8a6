package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Log of a plan: each effect with the user and process that caused the effect. */
class LogIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String USER = LinuxProcess.self().user();
  private static final String BY = "by %s \\(pid \\d+\\)".formatted(USER);
  private static final List<String> SAY_PID = List.of("sh", "-c", "echo $$; exec \"$0\" \"$@\"");

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFileHasALineForEachEffectWithItsTimeAndWhoBroughtItAbout(Jdk jdk) throws Exception {
    Path log = directory.resolve("plan.log");
    try (Target target = Target.start(jdk)) {
      Object pid = target.pid();
      Instant start = Instant.now();
      String asker = attach(pid, log, "-m", "5", "-x", "20", "-f", "50%");
      Plans.await(target, Phase.HOLDING);
      for (String command : List.of("pause", "resume", "release")) {
        assertThat(Cli.run(command, pid).code()).isZero();
      }
      Plans.awaitNoControlFile(target);
      assertHasAllEffects(words(log, start), asker);
      assertThat(target.err()).doesNotContain("[allocmem]");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
          .isEqualTo("rw-------");
      Awaitility.await().until(() -> !isOpenIn(target, log));
    }
  }

  private static void assertHasAllEffects(List<String> lines, String asker) {
    assertThat(lines)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "4 blocks of 5 MiB = 20 MiB, 10 MiB touched, in native memory;"
                            + " asked by %s (pid %s)",
                        USER, asker),
            line -> assertThat(line).startsWith("limit reached: 4 blocks, 20 MiB committed"),
            line ->
                assertThat(line)
                    .matches("paused " + BY + ": 4 blocks, 20 MiB committed, 10 MiB touched"),
            line -> assertThat(line).matches("resumed " + BY + ": 4 blocks, .*"),
            line -> assertThat(line).matches("released 20 MiB " + BY));
  }

  @Test
  void whatAPlanDoesByItselfIsWrittenBehindWhatIsThere() throws Exception {
    Path log = Files.writeString(directory.resolve("plan.log"), "before\n");
    try (Target target = Target.start(NEWEST)) {
      Instant start = Instant.now();
      attach(target.pid(), log, "-x", "3", "--then", "ramp-down", "--hold-time", "300ms");
      Plans.awaitNoControlFile(target);
      attach(
          target.pid(), log, "-x", "2", "--then", "cycle", "--hold-time", "300ms", "-d", "500ms");
      Plans.awaitNoControlFile(target);
      List<String> lines = Files.readAllLines(log);
      assertThat(lines.get(0)).isEqualTo("before");
      Files.write(log, lines.subList(1, lines.size()));
      assertThat(words(log, start))
          .anyMatch(line -> line.startsWith("ramps down: 3 blocks, 3 MiB committed, 3 MiB touched"))
          .contains(
              "released 0 MiB: the ramp-down is complete", "cycle: released 2 MiB; starts again")
          .endsWith("released 2 MiB: the duration is over");
    }
  }

  /** The launcher attaches through a second process of the target's user. */
  @Test
  void rootAsksWhoeverItBecomes() throws Exception {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = Target.startBy(Inside.NOBODY, NEWEST)) {
      String asker = attach(target.pid(), "stderr", "-x", "2");
      Plans.await(target, Phase.HOLDING);
      assertThat(target.err()).contains("; asked by %s (pid %s)\n".formatted(USER, asker));
      attach(target.pid(), "stderr", "-x", "2", "-n", "other", "--by", "night run (build 7)");
      assertThat(target.err()).contains("plan other: ", "; asked by night run (build 7)\n");
    }
  }

  @Test
  void offIsSilent() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=3,log=off,l")) {
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      assertThat(target.err()).isEmpty();
    }
  }

  @Test
  void aFileThatCannotBeWrittenRefusesThePlan() throws IOException {
    try (Target target = Target.start(NEWEST)) {
      for (Path bad : List.of(directory, directory.resolve("missing/plan.log"))) {
        Cli refused = Cli.run("attach", target.pid(), "-x", "3", "--log", bad);
        assertThat(refused.code()).as(refused.out()).isEqualTo(1);
        assertThat(refused.out()).contains("refused: cannot append the log to " + bad + ": ");
        assertThat(target.controlFiles()).isEmpty();
      }
      attach(target.pid(), directory.resolve("plan.log"), "-x", "3");
    }
  }

  @Test
  void aFileThatSomebodyElseCouldHavePlantedRefusesThePlanAndStaysAsItIs() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("planted"));
    Path hard = Files.createLink(directory.resolve("hard"), precious);
    Path others = Files.writeString(directory.resolve("others"), "");
    Path pipe = directory.resolve("pipe");
    assertThat(Tool.run("chown", "65534", others)).isEmpty();
    assertThat(Tool.run("mkfifo", pipe)).isEmpty();
    Map<Path, String> objections =
        Map.of(
            link,
            "is a link, which is never followed",
            dangling,
            "is a link, which is never followed",
            hard,
            "is a hard link to a file of another name",
            others,
            "belongs to another user",
            pipe,
            "is not a regular file",
            Path.of("/dev/null"),
            "is not a regular file");
    try (Target target = Target.start(NEWEST)) {
      objections.forEach(
          (bad, objection) -> {
            Cli refused = Cli.run("attach", target.pid(), "-x", "3", "--log", bad);
            assertThat(refused.code()).as(refused.out()).isEqualTo(1);
            assertThat(refused.out())
                .contains(
                    "refused: cannot append the log to " + bad + ": " + bad + " " + objection);
          });
      Awaitility.await().until(() -> !target.isAnyThread(Target.THREADS));
    }
    assertThat(precious).hasContent("precious");
    assertThat(directory.resolve("planted")).doesNotExist();
  }

  /** Attaches, and returns the launcher's pid. */
  private static String attach(Object pid, Object log, Object... options) {
    Stream<Object> words = Stream.of("attach", pid, "-a", "native", "--log", log);
    Cli attached =
        Cli.runBy(SAY_PID, NEWEST, Cli.JAR, Stream.concat(words, Stream.of(options)).toArray());
    assertThat(attached.code()).as(attached.out()).isZero();
    return attached.out().lines().findFirst().orElseThrow();
  }

  /** Returns the lines after the time and the plan's name. Each time must lie within the test. */
  private static List<String> words(Path log, Instant start) throws IOException {
    String name = " [allocmem] plan default: ";
    return Files.readAllLines(log).stream()
        .map(
            line -> {
              assertThat(line).contains(name);
              Instant time = Instant.parse(line.substring(0, line.indexOf(name)));
              assertThat(time).isBetween(start.minusMillis(1), Instant.now());
              return line.substring(line.indexOf(name) + name.length());
            })
        .toList();
  }

  private static boolean isOpenIn(Target target, Path file) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + target.pid() + "/fd"))) {
      return open.anyMatch(
          descriptor -> {
            try {
              return Files.readSymbolicLink(descriptor).equals(file);
            } catch (IOException closed) {
              return false;
            }
          });
    }
  }
}
