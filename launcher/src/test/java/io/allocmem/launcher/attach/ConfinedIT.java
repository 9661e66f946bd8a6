package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs that accept an agent in a single way or in none. */
class ConfinedIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  @TempDir private static Path directory;

  /** The JVM's answer depends on the JDK; the sentence of the launcher does not. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aSystemClassLoaderThatTakesNoJarIsNamed(Jdk jdk) {
    try (Target target = Target.start(jdk, "-Djava.system.class.loader=OwnLoader")) {
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "JVM %d has a system class loader of its own".formatted(target.pid()),
              "appendToClassPathForInstrumentation(String), or start the JVM without it");
      assertThat(InProcess.run("check", target.pid(), "-x", "1").out())
          .contains("warning: the system class loader is the application's (OwnLoader)");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** A launcher reaches an open socket without SIGQUIT, which would end a JVM with -Xrs. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatListensTakesAPlanThoughItCatchesNoSignal(Jdk jdk) {
    try (Target target = Target.start(jdk, "-Xrs")) {
      assertThat(InProcess.run("check", target.pid(), "-x", "1").code()).isZero();
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Stream<Arguments> jdksAndWays(TestInfo test) {
    List<String> ways =
        List.of("cp -rL %1$s %1$s.n; rm -r %1$s; mv %1$s.n %1$s", "mv %1$s %1$s.old", "rm -r %s");
    return Boolean.getBoolean("allocmem.test.long")
        ? Jdks.some(test).flatMap(jdk -> ways.stream().map(way -> Arguments.of(jdk, way)))
        : ways.stream().skip(1).map(way -> Arguments.of(NEWEST, way));
  }

  /** A package update replaces the files of the JDK: the new files differ from the open files. */
  @ParameterizedTest
  @MethodSource("jdksAndWays")
  void aJdkThatWasRemovedUnderTheJvmIsNamed(Jdk jdk, String way) throws Exception {
    try (Target target = startFromCopy(jdk, way)) {
      assertGone(target);
      assertThat(InProcess.run("check", target.pid()).out())
          .contains("refused: the JDK of JVM %d was removed".formatted(target.pid()));
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
    }
  }

  /** Without performance data, only the JVM's own answer names the cause. */
  @Test
  void aJdkThatWasMovedIsNoticedWithoutPerformanceData() throws Exception {
    try (Target target = startFromCopy(NEWEST, "mv %1$s %1$s.old", "-XX:-UsePerfData")) {
      assertGone(target);
    }
  }

  private static void assertGone(Target target) {
    Cli.run("attach", target.pid(), "-x", "1")
        .assertSentence(
            "the JDK of JVM %d was removed or replaced".formatted(target.pid()), "restart the JVM");
    assertThat(target.ask("hello")).isEqualTo("echo hello");
  }

  private static Target startFromCopy(Jdk jdk, String way, String... options) throws Exception {
    Path copy = directory.resolve("jdk");
    shell("rm -rf %s*".formatted(copy));
    shell("mkdir %2$s; cd %1$s; cp -rL bin conf lib jre %2$s".formatted(jdk.home(), copy));
    Target target = Target.start(new Jdk(jdk.version(), copy), options);
    shell(way.formatted(copy));
    return target;
  }

  private static void shell(String command) throws Exception {
    new ProcessBuilder("sh", "-c", command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
