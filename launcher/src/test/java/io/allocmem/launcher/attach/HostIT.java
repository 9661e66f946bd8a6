package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVM in a program other than {@code java}, as with jsvc and many servers. */
class HostIT {
  private static final Jdk NEWEST = Jdks.newestLasting();
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";

  @TempDir private static Path directory;
  private static Path host;

  @BeforeAll
  static void build() throws Exception {
    host = directory.resolve("our-host");
    Path server = NEWEST.home().resolve("lib/server");
    Gcc.build(NEWEST, "host.c", host, "-L" + server, "-ljvm", "-Wl,-rpath," + server);
  }

  @Test
  void isListedByItsProgramAndTakesAPlan() throws IOException {
    Process process = start(Map.of(), "-Xmx64m", FATAL);
    try {
      long pid = process.pid();
      assertThat(Cli.run("list").out()).containsPattern("(?m)^%d .* our-host\\b".formatted(pid));
      Cli seen = Cli.run("check", "our-host", "-x", "0");
      assertThat(seen.out()).contains("JVM " + pid, "this JVM has " + FATAL, "max 64 MiB");
      assertThat(Cli.run("attach", pid, "-x", "5").code()).isZero();
      assertThat(Cli.run("release", pid).out()).contains("released 5 MiB");
      assertAnswers(process);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The command line of the program lacks the JVM's options: the JVM itself is the only source. */
  @Test
  void ofWhichNotAllIsKnownIsSaidToBeSo() throws IOException {
    String hidden = "-XX:+CrashOnOutOfMemoryError";
    Process plain = start(Map.of("HIDDEN", hidden), "-Xmx64m");
    Process cut = start(Map.of("HIDDEN", hidden), "-Xmx64m", "-Dlong=" + "x".repeat(1100));
    Process silent = start(Map.of("HIDDEN", hidden), "-Xmx64m", "-XX:-UsePerfData");
    try {
      assertThat(check(plain)).contains("this JVM has " + hidden).doesNotContain("warning");
      assertThat(check(cut)).contains("cannot be read: the program's own, those beyond 1023 bytes");
      assertThat(check(silent)).contains("warning: options of this JVM cannot be read (the pro");
      Cli.run("attach", silent.pid(), "-x", "0").assertSentence("this JVM has " + hidden);
      assertAnswers(silent);
    } finally {
      List.of(plain, cut, silent).forEach(Process::destroyForcibly);
    }
  }

  private static String check(Process process) {
    return Cli.run("check", process.pid(), "-x", "0").out();
  }

  private static Process start(Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(host.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-Djava.class.path=" + Target.CLASSES, "TargetApplication"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = process.inputReader();
    assertThat(out.readLine()).isEqualTo("ready");
    return process;
  }

  private static void assertAnswers(Process process) throws IOException {
    new PrintStream(process.getOutputStream(), true).println("hello");
    assertThat(process.inputReader().readLine()).isEqualTo("echo hello");
  }
}
