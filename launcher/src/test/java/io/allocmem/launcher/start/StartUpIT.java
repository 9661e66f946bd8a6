package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans that start with the JVM. */
class StartUpIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void saysOneLineForEachThingThatHappensAndNothingElse(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "m=10,x=45,f=0.5,a=native,p=3")) {
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      List<String> lines = target.err().lines().toList();
      assertThat(lines).hasSize(4).allMatch(line -> line.startsWith("[allocmem] plan default: "));
      assertThat(lines.get(0)).contains("5 blocks of 10 MiB = 50 MiB, 25 MiB touched, in native");
      assertThat(lines.get(1))
          .matches(
              ".*after block 3: RSS [\\d.]+ .iB, committed 30 MiB, heap used .* \\d+ collections");
      assertThat(lines.get(2))
          .contains("limit reached: 5 blocks, 50 MiB committed, 25 MiB touched, 25 MiB resident");
      assertThat(lines.get(3)).contains("released 50 MiB");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void badArgumentsEndTheJvmWithOneLineAndStatusTwo(Jdk jdk) throws Exception {
    try (Target target = Target.launch(jdk, "-javaagent:" + Target.AGENT + "=m=100,x=lots")) {
      assertThat(target.process().waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(target.process().exitValue()).isEqualTo(2);
      assertThat(target.err().lines()).hasSize(1);
      assertThat(target.err())
          .startsWith("[allocmem] refused: invalid option x=lots: a size is")
          .contains("options: m|block, x|limit");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFullHeapIsNoCrash(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "m=20,x=0,e=300", "-Xmx100m")) {
      assertThat(Plans.await(target, Phase.EXHAUSTED).get(Reading.BLOCKS)).isBetween(1L, 5L);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.err()).contains("[allocmem] plan default: exhausted after ");
      Plans.release(target);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatEndsTakesItsControlFileAlong(Jdk jdk) throws Exception {
    try (Target target = Target.startWithAgent(jdk, "x=5")) {
      Plans.await(target, Phase.HOLDING);
      assertThat(target.controlFiles()).hasSize(1);
      target.process().getOutputStream().close();
      assertThat(target.process().waitFor()).isZero();
      assertThat(target.controlFiles()).isEmpty();
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanWithADurationIsGoneByItself(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "m=10,x=50,w=1s,d=2s,a=native")) {
      assertThat(Plans.await(target, Phase.WAITING).get(Reading.BLOCKS)).isZero();
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.BLOCKS)).isEqualTo(5);
      Plans.awaitNoControlFile(target);
      assertThat(target.err().lines().toList().get(0))
          .endsWith("; begins in 1.000 s; released 2.000 s after that");
      assertThat(target.err()).contains("released 50 MiB");
    }
  }

  @Test
  void aRuntimeOfTwoModulesIsEnough(@TempDir Path directory) throws IOException {
    Jdk jdk = new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    Path home = directory.resolve("runtime");
    String said =
        Tool.run(jdk, "jlink", "--add-modules", "java.base,java.instrument", "--output", home);
    assertThat(home.resolve("bin/java")).as(said).isExecutable();
    Jdk small = new Jdk(jdk.version(), home);
    try (Target target = Target.startWithAgent(small, "m=10,x=100,f=0.25,p=5")) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT)).isEqualTo(25L << 20);
      Plans.release(target);
      assertThat(target.err().lines()).hasSize(5);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theJarMayLieInAFolderWithASpace(Jdk jdk) throws IOException {
    Path folder = Files.createTempDirectory("with a space ");
    Path jar = Files.copy(Target.AGENT, folder.resolve("agent.jar"));
    try (Target target = Target.start(jdk, "-javaagent:" + jar + "=x=5")) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.BLOCKS)).isEqualTo(5);
    } finally {
      Files.delete(jar);
      Files.delete(folder);
    }
  }
}
