package io.allocmem.launcher;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Consent of the user to a plan that takes most of a machine, or more than is free. */
final class Consent {
  @Option(
      names = "--yes",
      description = {
        "start a plan of more than half of a machine, where no container limits the JVM",
        "(not needed for an amount in bytes); run: also beyond the free memory;",
        "with --all: start a plan in all JVMs"
      })
  private boolean given;

  Consent() {}

  /** Returns true if the user has consented. */
  boolean isGiven() {
    return given;
  }

  /**
   * Returns normally if the plan is not large, or the user has consented.
   *
   * @param objection sentence against a large plan; null if the plan is not large
   */
  void require(String objection, CommandSpec command) {
    if (objection != null && !given) {
      throw new ParameterException(command.commandLine(), objection);
    }
  }
}
