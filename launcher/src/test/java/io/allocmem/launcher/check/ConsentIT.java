package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.Container;
import org.junit.jupiter.api.Test;

/** The answers of attach and check tell the course of a plan, and ask before a large plan. */
class ConsentIT {
  private static final Jdk JDK = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @Test
  void mostOfAMachineIsTakenWithConsentOnly() {
    assumeThat(Container.of(ProcessHandle.current().pid()).isLimited())
        .as("a container limits the memory here")
        .isFalse();
    try (Target target = Target.start(JDK, "-Xmx64m")) {
      Object[] plan = {"-x", "60%", "-a", "native", "-b"};
      Cli refused = run("attach", target, plan);
      assertThat(refused.code()).as(refused.out()).isEqualTo(2);
      assertThat(refused.out())
          .startsWith("allocmem: the plan may take ")
          .contains("confirm with --yes, or give the amount in bytes (-x ");
      assertThat(Plans.status(target)).isNull();
      Cli predicted = run("check", target, plan);
      assertThat(predicted.code()).isEqualTo(1);
      assertThat(predicted.out()).contains("refused: the plan may take ");

      Object[] consent = {"-x", "60%", "-a", "native", "-b", "--yes"};
      assertThat(run("check", target, consent).out()).doesNotContain("refused: the plan may take");
      Cli attached = run("attach", target, consent);
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(attached.out())
          .containsPattern("(?m)^60 % of this machine's [0-9.]+ [MG]iB = [0-9.]+ [MG]iB$")
          .contains("waits for a resume before the first block", "held until a release");
      assertThat(InProcess.run("release", target.pid()).code()).isZero();
    }
  }

  @Test
  void attachAndCheckTellTheCourseOfThePlan() {
    try (Target target = Target.start(JDK, "-Xmx64m")) {
      Object[] plan = {"--until", "50%", "-d", "10m", "--lease", "60s"};
      String level = "level 50 % of the Java heap's 64 MiB = 32 MiB, ";
      assertThat(run("check", target, plan).out())
          .contains(level, "released 10m after the first block")
          .contains("released if not renewed within 1m");
      assertThat(run("attach", target, plan).out())
          .containsPattern(
              "(?m)^"
                  + level
                  + "[0-9.]+ MiB( to [0-9.]+ MiB)? used now.*: takes .*[0-9.]+ MiB now$")
          .contains("\nreleased 10m after the first block", "\nreleased if not renewed within 1m");
    }
  }

  private static Cli run(String command, Target target, Object... options) {
    Object[] words = new Object[options.length + 2];
    words[0] = command;
    words[1] = target.pid();
    System.arraycopy(options, 0, words, 2, options.length);
    return InProcess.run(words);
  }
}
