package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.HoldPlan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on JVMs that have ended. */
class JvmEndTest {
  /** Pid without a process. */
  private static final long PID = Integer.MAX_VALUE;

  private static final Path GROUP = Path.of("/sys/fs/cgroup/service");
  private static final List<String> FATAL = List.of("-XX:+ExitOnOutOfMemoryError");

  @ParameterizedTest
  @CsvSource({"137, KILLED", "1, ENDED", "3, ENDED", "143, ENDED"})
  void aKillOfAnotherProcessInTheCgroupIsNoKillOfTheJvm(int exit, ExitCode code) {
    Verdict verdict = new JvmEnd(PID, () -> GROUP, List.of()).verdict(exit);
    assertThat(verdict.code()).as(verdict.sentence()).isEqualTo(code);
    assertThat(verdict.sentence().contains(GROUP.toString())).isEqualTo(code == ExitCode.KILLED);
  }

  @Test
  void aFlagCountsBesideAKillOfAnotherProcess() {
    Verdict verdict = new JvmEnd(PID, () -> GROUP, FATAL).verdict(3);
    assertThat(verdict.code()).isEqualTo(ExitCode.KILLED);
    assertThat(verdict.sentence()).contains(FATAL.get(0));
  }

  @Test
  void aJvmThatEndsBeforeAFirstReportIsNoSuccessOfItsPlan() {
    HoldPlan plan = InProcess.plan("attach", "1", "-x", "9", "--then", "release");
    JvmEnd end = new JvmEnd(PID, () -> null, List.of());
    assertThat(new Course().verdict(plan, end).code()).isEqualTo(ExitCode.ENDED);
    assertThat(new Course().verdict(plan, JvmEnd.of(ProcessHandle.current().pid())).code())
        .as("the JVM lives, and the plan ended by its own rule")
        .isEqualTo(ExitCode.DONE);
  }
}
