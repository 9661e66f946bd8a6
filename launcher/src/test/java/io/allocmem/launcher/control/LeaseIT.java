package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Plan held by a launcher in the foreground, released together with the launcher. */
class LeaseIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final Duration LEASE = Duration.ofSeconds(3);

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aKilledLauncherReleasesWithinItsLeaseAndASecond() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      Process launcher = hold(target);
      Plans.await(target, Phase.HOLDING);
      Patience.holds(
          LEASE.plusSeconds(1),
          () -> assertThat(Plans.status(target).phase).as("renewed").isEqualTo(Phase.HOLDING));

      launcher.destroyForcibly().waitFor();
      long start = System.nanoTime();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Patience.of(LEASE.plusSeconds(1)))
          .until(() -> target.controlFiles().isEmpty());
      System.out.printf(
          "lease of 3 s: released %.2f s after the launcher was killed%n",
          (System.nanoTime() - start) / 1e9);
      Awaitility.await().until(() -> target.err().contains("the lease was not renewed"));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLauncherThatIsToldToEndReleasesAtOnce() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      Process launcher = hold(target);
      String line = launcher.inputReader().readLine();
      while (line != null && !line.startsWith("plan default: HOLDING, 10 blocks")) {
        line = launcher.inputReader().readLine();
      }
      assertThat(line).isNotNull();
      Signal.send("INT", launcher.pid());
      assertThat(launcher.waitFor(Patience.seconds(10), TimeUnit.SECONDS)).isTrue();
      assertThat(target.controlFiles()).isEmpty();
      assertThat(launcher.inputReader().lines()).contains("plan default: RELEASED");
    }
  }

  /**
   * Root attaches through a process of the target's user; this process must end with the launcher.
   */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLauncherThatBecameAnotherUserReleasesWhenItIsKilled() throws Exception {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = Target.startBy(Inside.NOBODY, NEWEST)) {
      Process launcher = hold(target);
      Plans.await(target, Phase.HOLDING);
      launcher.destroyForcibly().waitFor();
      Awaitility.await()
          .atMost(Patience.of(LEASE.plusSeconds(1)))
          .until(() -> Plans.status(target) == null);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aPlanThatIsReleasedElsewhereEndsItsLauncher() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      Process launcher = hold(target);
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      assertThat(launcher.waitFor(Patience.seconds(10), TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).isZero();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aRenewalByHandKeepsThePlan() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      List<Object> attach =
          List.of("attach", target.pid(), "-x", "10", "--lease", "5s", "-d", "1h");
      assertThat(Cli.run(attach.toArray()).code()).isZero();
      Status held = Plans.await(target, Phase.HOLDING);
      long lease = held.get(Reading.LEASE_END_MILLIS) - held.heartbeatMillis;
      long duration = held.get(Reading.DURATION_END_MILLIS) - held.heartbeatMillis;
      assertThat(lease).isBetween(1L, 5_000L);
      assertThat(duration).isBetween(3_500_000L, 3_600_000L);
      for (int round = 0; round < 3; round++) {
        assertThat(Cli.run("renew", target.pid()).code()).isZero();
        Patience.holds(
            Duration.ofSeconds(2),
            () -> assertThat(Plans.status(target).phase).isEqualTo(Phase.HOLDING));
      }
      Plans.awaitNoControlFile(target, Duration.ofSeconds(10));
    }
  }

  /** Starts a launcher that holds a plan, and waits for its message. */
  private static Process hold(Target target) throws IOException {
    Process launcher =
        new ProcessBuilder(
                List.of(
                    "env",
                    Signal.DEFAULT_INT,
                    NEWEST.java(),
                    "-jar",
                    Cli.JAR.toString(),
                    "attach",
                    Long.toString(target.pid()),
                    "-x",
                    "10",
                    "--hold",
                    "--lease",
                    LEASE.toSeconds() + "s"))
            .redirectErrorStream(true)
            .start();
    BufferedReader out = launcher.inputReader();
    String line = out.readLine();
    while (line != null && !line.startsWith("held until Ctrl+C")) {
      line = out.readLine();
    }
    assertThat(line).isNotNull();
    return launcher;
  }
}
