package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** JVMs that a plan would harm, or that have a plan of their own. */
class LeftOutIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @Test
  void jvmsOfAllocmemItselfAreLeftOut() throws IOException {
    Process alone =
        new ProcessBuilder(
                NEWEST.java(),
                "-javaagent:" + Target.AGENT + "=x=1,n=alone",
                "-cp",
                Target.AGENT.toString(),
                "io.allocmem.Alone",
                "/tmp/no-answer")
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(alone.inputReader().readLine()).isNotNull();
      Cli left = InProcess.run("attach", "--match", "main=io.allocmem.Alone", "-x", 1);
      assertThat(left.code()).isEqualTo(1);
      assertThat(left.out())
          .contains(alone.pid() + "  io.allocmem.Alone", "a JVM of allocmem run")
          .contains("no JVM is left to work on");
    } finally {
      alone.destroyForcibly();
    }
  }
}
