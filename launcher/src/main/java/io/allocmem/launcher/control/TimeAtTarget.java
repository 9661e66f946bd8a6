package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.process.Sizes;
import java.util.Locale;

/** Time of a plan at its target and largest deviation, as a sentence for people. */
public final class TimeAtTarget {
  private TimeAtTarget() {}

  /**
   * Returns the sentence; null if the plan was never full, or if the agent is older than the
   * reading. A plan with a target by effect has its measured effect and the error as well.
   */
  public static String of(Readings plan) {
    if (plan.get(Reading.EFFECT_TARGET) != Reading.UNKNOWN) {
      return ofEffect(plan);
    }
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

  private static String ofEffect(Readings plan) {
    long target = plan.get(Reading.EFFECT_TARGET);
    long measured = plan.get(Reading.EFFECT_MEASURED);
    String effect =
        String.format(
            Locale.ROOT,
            "effect %s of a target of %s",
            measured == Reading.UNKNOWN ? "not measured" : share(measured),
            share(target));
    String error =
        measured == Reading.UNKNOWN
            ? ""
            : String.format(Locale.ROOT, ", error %+.1f points", (measured - target) / 10.0);
    return effect + error + timeNear(plan);
  }

  /** Returns the time within two points of the target; empty if the plan was never full. */
  private static String timeNear(Readings plan) {
    long total = plan.get(Reading.TARGET_MILLIS);
    long onTarget = plan.get(Reading.ON_TARGET_MILLIS);
    return total <= 0 || onTarget < 0
        ? ""
        : String.format(
            Locale.ROOT,
            ", %.1f of %.1f s within 2 points of the target",
            onTarget / 1000.0,
            total / 1000.0);
  }

  private static String share(long thousandths) {
    return Quantities.of(Reading.Unit.THOUSANDTHS, thousandths);
  }

  private static String percent(long deviation, long target) {
    return String.format(
        Locale.ROOT, "%s (%.1f %%)", Sizes.of(deviation), 100.0 * deviation / target);
  }
}
