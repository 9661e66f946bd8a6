package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runtimes made by jlink with few modules, as targets and under the launcher. */
class LinkedRuntimeIT {
  private static final Jdk NEWEST = Jdks.newestLasting();

  private static Stream<Jdk> oldestAndNewest() {
    return Stream.of(Jdks.withModules().findFirst().orElseThrow(), NEWEST).distinct();
  }

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void withInstrumentItIsATargetLikeOthers(Jdk jdk) throws IOException {
    try (Target target = Target.start(link(jdk, "java.base,java.instrument"))) {
      Cli attached = Cli.run("attach", target.pid(), "-x", "20", "-a", "native");
      assertThat(attached.out()).contains("20 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      assertThat(Cli.run("release", target.pid()).out()).contains("released 20 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Without the module jdk.management, the agent cannot ask the JVM for a flag. */
  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void whatIsFatalThereIsKnownByItsCommandLine(Jdk jdk) throws IOException {
    Jdk runtime = link(jdk, "java.base,java.instrument");
    try (Target target = Target.start(runtime, "-XX:+ExitOnOutOfMemoryError")) {
      Cli.run("attach", target.pid(), "-x", "0")
          .assertSentence(
              "the agent in %d refused: this plan can end in an OutOfMemoryError, and this JVM has -XX:+ExitOnOutOfMemoryError"
                  .formatted(target.pid()));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void withoutInstrumentItTakesNoAgents(Jdk jdk) throws IOException {
    Jdk runtime = link(jdk, "java.base");
    for (Jdk from : new Jdk[] {Jdks.launchers().findFirst().orElseThrow(), NEWEST}) {
      try (Target target = Target.start(runtime)) {
        Cli.run(from, "attach", target.pid(), "-x", "1")
            .assertSentence(
                "JVM %d is a runtime without the module java.instrument, which agents need; link the runtime with that module"
                    .formatted(target.pid()));
        assertThat(target.ask("hello")).isEqualTo("echo hello");
      }
    }
  }

  /** The memory of buffers is released by classes of java.base, not of jdk.unsupported. */
  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void withInstrumentTheMemoryOfBuffersIsReleased(Jdk jdk) throws IOException {
    try (Target target = Target.start(link(jdk, "java.base,java.instrument"))) {
      for (String area : new String[] {"direct", "mapped"}) {
        Cli attached = Cli.run("attach", target.pid(), "-x", "20", "-a", area);
        assertThat(attached.out()).contains("20 blocks of 1 MiB");
        Plans.await(target, Phase.HOLDING);
        assertThat(Cli.run("release", target.pid()).out()).contains("released 20 MiB");
        Plans.awaitNoControlFile(target);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void theLauncherNeedsNoMoreThanInstrument() throws IOException {
    Jdk runtime = link(NEWEST, "java.base,java.instrument");
    try (Target target = Target.startWithAgent(NEWEST, "x=5")) {
      Plans.await(target, Phase.HOLDING);
      assertThat(Cli.run(runtime, "attach", target.pid(), "-x", "1", "-n", "b").out())
          .contains("plan b in JVM " + target.pid());
      assertThat(Cli.run(runtime, "list").out()).contains("default: HOLDING 5 MiB");
      assertThat(Cli.run(runtime, "release", target.pid()).out()).contains("released 5 MiB");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private Jdk link(Jdk jdk, String modules) throws IOException {
    Path home = Files.createTempDirectory(directory, "linked-").resolve("runtime");
    String said = Tool.run(jdk, "jlink", "--add-modules", modules, "--output", home);
    // jlink rejects a changed JDK, and some JDKs need a newer C library
    boolean runs =
        Files.isExecutable(home.resolve("bin/java"))
            && Tool.run(new Jdk(jdk.version(), home), "java", "-version").contains("version \"");
    assumeThat(runs).as("it links and runs here: %s", said).isTrue();
    return new Jdk(jdk.version(), home.toRealPath());
  }
}
