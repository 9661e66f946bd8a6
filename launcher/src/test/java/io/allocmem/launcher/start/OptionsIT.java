package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Options of a JVM from each source, beyond the 1023 bytes in the performance data; or a warning.
 */
class OptionsIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";
  private static final String LONG = "-Dlong=" + "x".repeat(1100);

  @TempDir private static Path directory;

  /** Sources of options: the command line, environment variables and files. */
  private enum Source {
    COMMAND_LINE,
    JAVA_TOOL_OPTIONS,
    JDK_JAVA_OPTIONS,
    _JAVA_OPTIONS,
    ARGUMENT_FILE,
    FLAGS_FILE,
    OPTIONS_FILE;

    private boolean isIn(Jdk jdk) {
      boolean before9 = List.of(JAVA_TOOL_OPTIONS, _JAVA_OPTIONS, COMMAND_LINE).contains(this);
      return jdk.version() > 8 || before9 || this == FLAGS_FILE;
    }

    private Target start(Jdk jdk, String flag, String... options) throws IOException {
      String file = file(flag);
      return switch (this) {
        case COMMAND_LINE -> Target.start(jdk, with(options, flag));
        case JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, _JAVA_OPTIONS ->
            Target.startBy(
                List.of(
                    "env", name() + "=-Da='b c' " + (jdk.version() > 8 ? LONG + " " : "") + flag),
                jdk,
                options);
        case ARGUMENT_FILE -> Target.start(jdk, with(options, "@" + file));
        case FLAGS_FILE -> Target.start(jdk, with(options, "-XX:Flags=" + file));
        case OPTIONS_FILE -> Target.start(jdk, with(options, "-XX:VMOptionsFile=" + file));
      };
    }

    private String file(String flag) throws IOException {
      Path file = Files.createTempFile(directory, "options", "");
      String flags = "OnError=" + "x".repeat(900) + "\nErrorFile=" + "x".repeat(200);
      String text = this == FLAGS_FILE ? flags + "\n" + flag.substring(4) : flag;
      return Files.writeString(file, text + "\n").toString();
    }

    private static String[] with(String[] options, String last) {
      return Stream.concat(Arrays.stream(options), Stream.of(last)).toArray(String[]::new);
    }
  }

  private static Stream<Arguments> jdksAndSources(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Arrays.stream(Source.values())
                    .filter(source -> source.isIn(jdk))
                    .map(source -> Arguments.of(jdk, source)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndSources")
  void aFatalFlagBehindManyOptionsCounts(Jdk jdk, Source source) throws IOException {
    try (Target target = source.start(jdk, FATAL, LONG, "-Xmx64m")) {
      Cli refused = check(target, "-x", "0");
      assertThat(refused.out())
          .contains("refused: this plan can end in an OutOfMemoryError")
          .contains("this JVM has -XX:+ExitOnOutOfMemoryError, which acts")
          .doesNotContain("warning");
      assertThat(check(target, "-x", "10").code()).isZero();
    }
  }

  @Test
  void aFlagThatSwitchesAgentsOffBehindManyOptionsCounts() throws IOException {
    for (Source source : List.of(Source.COMMAND_LINE, Source.ARGUMENT_FILE)) {
      try (Target target = source.start(NEWEST, "-XX:-EnableDynamicAgentLoading", LONG)) {
        assertThat(check(target).out())
            .contains("-XX:-EnableDynamicAgentLoading; start it without");
        Cli.run("attach", target.pid(), "-x", "1").assertSentence("-XX:-EnableDynamicAgentLoading");
        assertThat(target.ask("hello")).isEqualTo("echo hello");
      }
    }
  }

  /** SIGQUIT would make the JVM print a thread dump instead of the next answer. */
  @ParameterizedTest
  @MethodSource("jdksAndSources")
  void aJvmThatDoesNotListenGetsNoSignal(Jdk jdk, Source source) throws IOException {
    String flag = "-XX:+DisableAttachMechanism";
    try (Target target = source.start(jdk, flag, "-XX:-UsePerfData", "-Xmx64m")) {
      String sentence = "JVM %d was started with %s; start it".formatted(target.pid(), flag);
      assertThat(check(target).out()).contains("refused: " + sentence).doesNotContain("warning:");
      String pid = Long.toString(target.pid());
      new Cli(1, InProcess.run("attach", pid, "-x", "1").out()).assertSentence(sentence);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
    }
  }

  @Test
  void theLastWordCountsAcrossTheSources() throws IOException {
    List<String> takenBack = List.of("env", "_JAVA_OPTIONS=-XX:-ExitOnOutOfMemoryError");
    try (Target target = Target.startBy(takenBack, NEWEST, LONG, FATAL, "-Xmx64m")) {
      Cli seen = check(target, "-x", "0");
      assertThat(seen.code()).as(seen.out()).isZero();
    }
  }

  /** Links, quotes, comments and a changed directory, as in start scripts. */
  @Test
  void anArgumentFileIsReadAsTheLauncherReadsIt() throws IOException {
    Path real = Files.createDirectory(directory.resolve("release-2"));
    Files.createSymbolicLink(directory.resolve("current"), Path.of("release-2"));
    String text =
        "# -XX:-Nothing\n" + LONG + "\n'-Da=b c' \"-XX:+\\\n   ExitOnOutOfMemoryError\" #x";
    Files.writeString(real.resolve("jvm.args"), text);
    String script = "cd %s && exec \"$@\"".formatted(directory);
    List<String> inside = List.of("sh", "-c", script, "sh");
    for (String file : List.of("current/jvm.args", "./release-2/../current/jvm.args")) {
      try (Target target = Target.startBy(inside, NEWEST, "@" + file, "-Xmx64m")) {
        assertThat(check(target, "-x", "0").out()).contains("this JVM has " + FATAL);
      }
    }
  }

  @Test
  void whatCannotBeReadIsSaidAndNeverWaitedFor() throws Exception {
    Path file = Files.writeString(directory.resolve("gone.args"), LONG + " " + FATAL);
    try (Target target = Target.start(NEWEST, "@" + file, "-Xmx64m")) {
      assertThat(check(target, "-x", "0").out()).contains("this JVM has " + FATAL);
      Files.delete(file);
      assertUnread(target, file);
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      assertUnread(target, file);
      Files.delete(file);
      Files.createSymbolicLink(file, file);
      assertUnread(target, file);
      Files.delete(file);
      Files.writeString(file, "#".repeat((1 << 20) + 1));
      assertUnread(target, file);
      // changed after the start of the JVM, the file no longer tells the JVM's options
      Files.writeString(file, "-XX:+UseStringDeduplication");
      assertThat(check(target, "--json").json().get("optionsUnread").toString()).contains("1023");
    }
  }

  private static void assertUnread(Target target, Path file) {
    long start = System.nanoTime();
    Cli seen = check(target, "-x", "0");
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    assertThat(seen.out())
        .contains("-: options that cannot be read: @" + file)
        .contains("warning: options of this JVM cannot be read (@" + file)
        .contains("the agent inside the JVM decides");
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void aMainClassInAnArgumentFileIsFound(Jdk jdk) throws IOException {
    Path file = directory.resolve("main.args");
    Files.writeString(file, "-cp\n'%s'\nTargetApplication\n".formatted(Target.CLASSES));
    for (String data : List.of("-XX:+UsePerfData", "-XX:-UsePerfData")) {
      try (Target target = Target.start(jdk, data, "@" + file)) {
        assertThat(InProcess.run("list").out())
            .containsPattern("(?m)^%d .* TargetApplication\\b".formatted(target.pid()));
        // alone, or in a list if the machine runs several
        assertThat(InProcess.run("check", "TargetAppl").out())
            .containsPattern("(JVM|:|,) %d\\b".formatted(target.pid()));
      }
    }
  }

  private static Cli check(Target target, String... options) {
    Stream<String> words = Stream.of("check", Long.toString(target.pid()));
    return InProcess.run(Stream.concat(words, Arrays.stream(options)).toArray());
  }
}
