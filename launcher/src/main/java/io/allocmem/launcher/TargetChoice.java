package io.allocmem.launcher;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import picocli.CommandLine.Parameters;

/** The JVM of a command. */
final class TargetChoice {
  @Parameters(
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name")
  private String target;

  TargetChoice() {}

  /**
   * Returns the pid as seen from here.
   *
   * @throws Failure if no JVM or several JVMs match
   */
  long pid() {
    return JavaProcess.pidOf(target);
  }
}
