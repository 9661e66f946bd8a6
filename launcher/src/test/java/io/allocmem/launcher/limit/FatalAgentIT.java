package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native agent that ends its JVM when a resource is exhausted, loaded in each possible way. */
class FatalAgentIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String REFUSED =
      "this plan can end in an OutOfMemoryError, and this JVM has the agent jvmkill, which acts";

  @TempDir private static Path directory;
  private static Path library;

  @BeforeAll
  static void build() throws Exception {
    library = directory.resolve("libjvmkill.so");
    Gcc.build(NEWEST, "jvmkill.c", library, "-shared", "-fPIC");
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void countsLikeAFatalFlag(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk, "-agentpath:" + library, "-Xmx64m")) {
      assertRefused(target);
      assertThat(Cli.run("attach", target.pid(), "-x", "20").code()).isZero();
      Plans.release(target);
      // an allowed risk, with the OutOfMemoryError
      assertThat(Cli.run("attach", target.pid(), "-x", "0", "--oom", "allow").code()).isZero();
      assertThat(target.process().waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(target.process().exitValue()).isEqualTo(128 + 9);
    }
  }

  static Stream<List<String>> ways() {
    return Stream.of(
        List.of("env", "LD_LIBRARY_PATH=" + directory, "JAVA_TOOL_OPTIONS=-agentlib:jvmkill"),
        List.of("env", "_JAVA_OPTIONS=-Dlong=" + "x".repeat(1100) + " -agentpath:" + library));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isFoundHoweverItIsNamed(List<String> by) {
    try (Target target = Target.startBy(by, NEWEST, "-Xmx64m")) {
      assertRefused(target);
    }
  }

  @Test
  void isFoundAfterSomebodyLoadedItIntoTheRunningJvm() throws Exception {
    try (Target target = Target.start(NEWEST, "-XX:+EnableDynamicAgentLoading", "-Xmx64m")) {
      assertThat(InProcess.run("check", target.pid(), "-x", "0").code()).isZero();
      Tool.run(NEWEST, "jcmd", target.pid(), "JVMTI.agent_load", library);
      assertRefused(target);
    }
  }

  private static void assertRefused(Target target) {
    assertThat(InProcess.run("check", target.pid(), "-x", "0").out())
        .contains("refused: " + REFUSED);
    Cli.run("attach", target.pid(), "-x", "0").assertSentence("refused: " + REFUSED);
    assertThat(target.ask("hello")).isEqualTo("echo hello");
  }
}
