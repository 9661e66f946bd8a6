package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.options.FatalAgents;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import io.allocmem.readings.JvmFlags;
import io.allocmem.readings.ProcessReadings;

/**
 * Measures the conditions for a plan in this JVM. Runs in the attach thread, before the plan is
 * accepted.
 */
public final class Outlook {
  private Outlook() {}

  /** Returns the current conditions for a plan. */
  public static Preflight of(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    Preflight preflight = new Preflight();
    preflight.capacity = Guard.capacity(plan, area, process);
    preflight.used = Guard.used(plan, area, process);
    preflight.containerCapacity = process.container().capacity();
    preflight.containerUsed = process.container().used();
    preflight.containerProblem = process.container().problem();
    preflight.fatalFlag = fatal();
    preflight.unread = preflight.fatalFlag == null ? JvmFlags.unread() : null;
    return preflight;
  }

  private static String fatal() {
    String flag = JvmFlags.fatalOnOutOfMemory();
    String agent = flag == null ? FatalAgents.here() : null;
    return agent == null ? flag : "the agent " + agent;
  }
}
