package io.allocmem.launcher.control;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Status;
import io.allocmem.plan.HoldPlan;

/** Effects of different versions of agent and launcher. */
public final class Versions {
  private Versions() {}

  /** Returns the version of this launcher and its agent; null outside of their jar. */
  public static String ours() {
    return Versions.class.getPackage().getImplementationVersion();
  }

  /**
   * Returns a sentence about missing values and checks, if the agent has another protocol; else
   * null.
   */
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
                ? "newer readings are not shown"
                : missingIn(inside.protocol));
  }

  private static String missingIn(int older) {
    String since3 = "collections, pauses and the time of the next block are not shown";
    return older >= 2 ? since3 : "the start time of the process is not checked; " + since3;
  }

  /** Returns the held plan; null if its words belong to an unknown version. */
  public static HoldPlan planOf(Status status) {
    try {
      return AgentArguments.parse(status.arguments);
    } catch (InvalidArguments wordsOfAnotherVersion) {
      return null;
    }
  }
}
