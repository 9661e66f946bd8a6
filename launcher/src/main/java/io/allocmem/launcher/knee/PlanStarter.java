package io.allocmem.launcher.knee;

import io.allocmem.plan.HoldPlan;
import java.io.IOException;

/** Way of plans into the JVM. */
@FunctionalInterface
public interface PlanStarter {
  /**
   * Starts the plan, after the checks of an attach.
   *
   * @throws io.allocmem.launcher.process.Failure if the plan cannot start
   */
  void start(HoldPlan plan) throws IOException;
}
