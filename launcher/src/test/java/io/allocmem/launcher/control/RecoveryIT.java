package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proof of the release: the values before the plan, while held, and after the release. */
class RecoveryIT {
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theHeapShowsItAfterACollectionThatWasAskedFor(Jdk jdk) {
    try (Target target = Target.startWithAgent(jdk, "x=300", "-Xmx512m")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(released.out()).contains("released 300 MiB", "BEFORE", "HELD", "AFTER");
      assertThat(mib(released, "heap live", 1)).isBetween(300.0, 330.0);
      assertThat(mib(released, "heap live", 2)).isBetween(0.1, 20.0);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void withoutACollectionTheHeapIsNotJudged() {
    try (Target target = Target.startWithAgent(NEWEST, "x=300", "-Xmx512m")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid());
      assertThat(released.code()).isZero();
      assertThat(released.out()).contains("--gc asks for a collection");
    }
  }

  @Test
  void aJvmThatDoesNotCollectWhenAskedIsToldAndIsAFailure() {
    try (Target target =
        Target.startWithAgent(NEWEST, "x=300", "-Xmx512m", "-XX:+DisableExplicitGC")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).isEqualTo(1);
      assertThat(released.out()).contains("did not collect when asked", "DisableExplicitGC");
    }
  }

  @Test
  void nativeMemoryComesBackAtOnceByTheKernelsCount() {
    try (Target target = Target.startWithAgent(NEWEST, "x=300,a=native,f=0.5", "-Xmx128m")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid());
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(mib(released, "RSS", 1) - mib(released, "RSS", 0)).isBetween(140.0, 170.0);
      assertThat(mib(released, "RSS", 2) - mib(released, "RSS", 0)).isBetween(-16.0, 16.0);
    }
  }

  @Test
  void rssIsReadOnceG1HasReturnedTheFreeHeap() { // G1 of JDK 27 keeps the free heap
    try (Target target =
        Target.startWithAgent(
            Jdks.newestLasting(), "x=300", "-XX:+UseG1GC", "-Xms16m", "-Xmx512m")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(mib(released, "RSS", 1) - mib(released, "RSS", 2)).isGreaterThan(200);
      assertThat(released.out()).doesNotContain("RSS stays");
    }
  }

  @Test
  void allPlansOfAJvmShareOneCollectionAndOneTable() {
    try (Target target = Target.start(NEWEST, "-Xmx512m")) {
      Plans.attach(target, "n=a,x=100");
      Plans.attach(target, "n=b,x=50,a=native");
      Plans.await(target, "a", Phase.HOLDING);
      Plans.await(target, "b", Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(released.out().lines().filter(line -> line.contains("BEFORE"))).hasSize(1);
      assertThat(released.out())
          .contains("plan a in JVM " + target.pid() + ": released 100 MiB")
          .contains("plan b in JVM " + target.pid() + ": released 50 MiB")
          .doesNotContain("application had not started");
      assertThat(mib(released, "heap live", 2)).isLessThan(20);
      assertThat(target.err().split("asks the JVM for a collection", -1)).hasSize(2);
    }
  }

  @Test
  void whatTheJvmKeepsIsSaidWithTheReason() {
    try (Target target =
        Target.startWithAgent(NEWEST, "x=200", "-XX:+UseSerialGC", "-Xms300m", "-Xmx300m")) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(released.out())
          .containsPattern("RSS stays at [0-9.]+ MiB: the heap never shrinks \\(-Xms = -Xmx\\)")
          .contains("RSS before plan default is of a JVM whose application had not started");
    }
  }

  @Test
  void blocksThatEpsilonKeepsAreAFailureWithTheReason() {
    String[] epsilon = {"-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-Xmx256m"};
    try (Target target = Target.startWithAgent(NEWEST, "x=50", epsilon)) {
      Plans.await(target, Phase.HOLDING);
      Cli released = InProcess.run("release", target.pid(), "--gc");
      assertThat(released.code()).as(released.out()).isEqualTo(1);
      assertThat(released.out()).contains("Epsilon never collects");
    }
  }

  /** Returns a figure of a row; the columns are before, held and after. */
  private static double mib(Cli cli, String row, int column) {
    String line = cli.out().lines().filter(text -> text.startsWith(row)).findFirst().orElseThrow();
    String figures = line.substring(row.length()).replace(" MiB", "").replace(" KiB", "k");
    String figure = figures.strip().split("\\s+")[column];
    return figure.endsWith("k")
        ? Double.parseDouble(figure.substring(0, figure.length() - 1)) / 1024
        : Double.parseDouble(figure);
  }
}
