package io.allocmem.launcher.control;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Status;
import io.allocmem.plan.HoldPlan;

/** What it means that the agent inside and this launcher are not of one version. */
public final class Versions {
  private Versions() {}

  /** The version of this launcher and of the agent in it; null outside of their jar. */
  public static String ours() {
    return Versions.class.getPackage().getImplementationVersion();
  }

  /** What is not shown or checked, since the agent speaks another protocol; null for nothing. */
  public static String caveat(Status inside) {
    if (inside.protocol == ControlLayout.PROTOCOL) {
      return null;
    }
    return "the agent inside is version %s and speaks control protocol %d, this launcher (%s) %d: %s"
        .formatted(
            inside.agentVersion,
            inside.protocol,
            ours(),
            ControlLayout.PROTOCOL,
            inside.protocol > ControlLayout.PROTOCOL
                ? "what is newer is not shown"
                : missingIn(inside.protocol));
  }

  private static String missingIn(int older) {
    String since3 = "collections, pauses and when a block is due are not shown";
    return older >= 2
        ? since3
        : "that the plan is of this very process, by its start time, is not checked; " + since3;
  }

  /** The plan that is held; null where its words are of a version that this one does not know. */
  public static HoldPlan planOf(Status status) {
    try {
      return AgentArguments.parse(status.arguments);
    } catch (InvalidArguments wordsOfAnotherVersion) {
      return null;
    }
  }
}
