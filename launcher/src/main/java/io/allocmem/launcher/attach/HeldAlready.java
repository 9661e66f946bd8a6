package io.allocmem.launcher.attach;

import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.process.Failure;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.List;

/** A plan that a JVM holds already, compared with the plan that is asked for. */
public final class HeldAlready {
  private HeldAlready() {}

  /**
   * Returns the phase of the same plan in that JVM; null if no plan of that name is held.
   *
   * @throws Failure if the plan of that name has other options: its memory is not what is asked
   */
  public static String find(long pid, HoldPlan asked) throws IOException {
    String phase = null;
    for (PlanControl held : PlanControl.of(pid)) {
      try (held) {
        Status status = held.name().equals(asked.name()) && held.isAlive() ? held.status() : null;
        if (status != null && !status.phase.isOver()) {
          requireSame(pid, asked, Versions.planOf(status));
          phase = status.phase.name();
        }
      }
    }
    return phase;
  }

  private static void requireSame(long pid, HoldPlan asked, HoldPlan held) {
    if (held == null || !isSame(asked, held)) {
      throw new Failure(
          "plan %s is held in %d with other options (%s): release that plan, or name the new plan (-n)"
              .formatted(asked.name(), pid, held == null ? "of another version" : held.toHuman()));
    }
  }

  /**
   * Returns true if the plans agree in all options that decide about memory and time. The agent has
   * made bytes of a share, and a delay of the time to a share: both are not compared. Nor is a
   * reserve that nobody asked for: the attach chooses a reserve.
   */
  static boolean isSame(HoldPlan asked, HoldPlan held) {
    return essence(asked, asked).equals(essence(held, asked));
  }

  /** Returns the options that decide about memory and time; not log, name and requester. */
  private static List<Object> essence(HoldPlan plan, HoldPlan asked) {
    return List.of(
        plan.area(),
        plan.blockSize().bytes(),
        asked.limit().isShare() ? "" : plan.limit().toString(),
        String.valueOf(plan.aim()),
        plan.keepFree().toString(),
        asked.reserve().isNone() ? "" : plan.reserve().toString(),
        plan.fill().share(),
        plan.pages(),
        plan.then(),
        plan.then().hasHold() ? plan.hold() : "",
        asked.over() == null ? plan.delay() : "",
        plan.duration(),
        plan.lease());
  }
}
