package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.process.Sizes;
import java.util.Locale;

/** Time of a plan at its target and largest deviation, as a sentence for people. */
public final class TimeAtTarget {
  private TimeAtTarget() {}

  /**
   * Returns the sentence; null if the plan was never full, or if the agent is older than the
   * reading.
   */
  public static String of(Readings plan) {
    return plan.get(Reading.EFFECT_TARGET) > 0 ? ofEffect(plan) : ofBytes(plan);
  }

  /** Returns target, measured share and error, and once the plan was on target, the time so. */
  private static String ofEffect(Readings plan) {
    long target = plan.get(Reading.EFFECT_TARGET);
    long measured = plan.get(Reading.EFFECT_MEASURED);
    long total = plan.get(Reading.TARGET_MILLIS);
    String now =
        measured < 0
            ? String.format(Locale.ROOT, "target %.1f %%, nothing measured yet", target / 10.0)
            : String.format(
                Locale.ROOT,
                "target %.1f %%, measured %.1f %% in the last 10 s (%+.1f points)",
                target / 10.0,
                measured / 10.0,
                (measured - target) / 10.0);
    return total <= 0
        ? now
        : now
            + String.format(
                Locale.ROOT,
                ", %.1f of %.1f s within 2 points",
                Math.max(0, plan.get(Reading.ON_TARGET_MILLIS)) / 1000.0,
                total / 1000.0);
  }

  private static String ofBytes(Readings plan) {
    long target = plan.get(Reading.TARGET);
    long total = plan.get(Reading.TARGET_MILLIS);
    long onTarget = plan.get(Reading.ON_TARGET_MILLIS);
    long deviation = plan.get(Reading.LARGEST_DEVIATION);
    if (total <= 0 || target <= 0 || onTarget < 0 || deviation < 0) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "%.1f of %.1f s within 1 %% of the target of %s, largest deviation %s",
        onTarget / 1000.0,
        total / 1000.0,
        Sizes.of(target),
        deviation == 0 ? "none" : percent(deviation, target));
  }

  private static String percent(long deviation, long target) {
    return String.format(
        Locale.ROOT, "%s (%.1f %%)", Sizes.of(deviation), 100.0 * deviation / target);
  }
}
