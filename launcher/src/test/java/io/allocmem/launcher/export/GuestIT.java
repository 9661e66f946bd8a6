package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.ClassCounts;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent as a guest: effects on a foreign JVM that do not occur. */
class GuestIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#withModules")
  void theApplicationsModuleIsGivenNothingAndItsLoaderOnlyTheDoor(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      String before = target.ask("module");
      assertThat(Cli.run("attach", target.pid(), "-x", "10", "-a", "native").code()).isZero();
      Plans.await(target, Phase.HOLDING);
      assertThat(target.ask("module"))
          .isEqualTo(before)
          .contains("jdk.internal.misc=false/false")
          .endsWith("nativeAccess=false");

      String loaders =
          Tool.run(jdk, "jcmd", target.pid(), "VM.classloaders", "show-classes", "verbose=false");
      String application = loaders.substring(loaders.indexOf("\"app\""));
      application = application.substring(0, application.indexOf("+--"));
      assertThat(application.lines().filter(line -> line.contains("io.allocmem")))
          .as(loaders)
          .hasSize(2)
          .allMatch(
              line ->
                  line.strip().endsWith("io.allocmem.Agent")
                      || line.strip().endsWith("io.allocmem.SessionLoader"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#withModules")
  void aStatusCostsTheTargetNothingAndLoadsNothing(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "x=10,a=native")) {
      Plans.await(target, Phase.HOLDING);
      InProcess.run("status", target.pid());
      int classes = ClassCounts.of(jdk, target).loaded();
      long nanos = target.cpuNanosOfPlans();
      int rounds = 100;
      for (int i = 0; i < rounds; i++) {
        assertThat(Plans.status(target).phase).isEqualTo(Phase.HOLDING);
      }
      long perStatus = (target.cpuNanosOfPlans() - nanos) / rounds;
      System.out.printf("%s: %.3f ms of the plan's thread a status%n", jdk, perStatus / 1e6);
      assertThat(perStatus).isLessThan(5_000_000);
      assertThat(ClassCounts.of(jdk, target).loaded()).isEqualTo(classes);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void afterTheReleaseNothingIsLeft(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      for (int round = 0; round < 3; round++) {
        assertThat(Cli.run("attach", target.pid(), "-x", "10").code()).isZero();
        Plans.await(target, Phase.HOLDING);
        Plans.release(target);
      }
      Awaitility.await().until(() -> !Tool.run(jdk, "jstack", target.pid()).contains("allocmem"));
      target.ask("gc");
      Awaitility.await()
          .until(
              () -> {
                target.ask("gc");
                return !Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram")
                    .contains("io.allocmem.Session");
              });
      assertThat(Files.readAllLines(Path.of("/proc/" + target.pid() + "/maps")))
          .as("the page library is unmapped with our loader")
          .noneMatch(line -> line.contains("pages-"));
      // the application's class loader keeps the jar of the class Agent open, and no other jar
      assertThat(Files.list(Path.of("/proc/" + target.pid() + "/fd")).map(GuestIT::linkOf))
          .filteredOn(link -> link.contains("allocmem_"))
          .hasSizeLessThanOrEqualTo(1)
          .allMatch(link -> link.endsWith(".jar (deleted)"));
    }
  }

  private static String linkOf(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
