package io.allocmem.launcher;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import picocli.CommandLine.Parameters;

/** The JVM that a command is about. */
final class TargetChoice {
  @Parameters(
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name")
  private String target;

  TargetChoice() {}

  /**
   * Its pid, as it is seen from here.
   *
   * @throws Failure when no JVM, or more than one, is meant
   */
  long pid() {
    return JavaProcess.pidOf(target);
  }
}
