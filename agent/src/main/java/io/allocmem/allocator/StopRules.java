package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Reading;
import io.allocmem.plan.Effect;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.StopCondition;
import java.io.IOException;

/**
 * Conditions of a plan that release everything at once, since the pressure costs too much. Looks at
 * the readings of the state. Only the plan's thread uses an instance. Allocates nothing after
 * construction.
 */
final class StopRules {
  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final long MICROS_OF_MILLI = 1000;

  private final StopCondition[] conditions;
  private final Reading[] readings;
  private final String[] reasons;
  private final boolean[] above;

  /** Time since when a condition holds, if it holds. */
  private final long[] since;

  /** What was measured at the stop; empty without a stop. */
  private final AsciiLine finding = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  private long pauseMillis = Reading.UNKNOWN;

  /** True since the first block. */
  private boolean begun;

  StopRules(HoldPlan plan) {
    conditions = plan.stopConditions().toArray(new StopCondition[0]);
    readings = new Reading[conditions.length];
    reasons = new String[conditions.length];
    above = new boolean[conditions.length];
    since = new long[conditions.length];
    for (int i = 0; i < conditions.length; i++) {
      readings[i] = readingOf(conditions[i].effect());
      reasons[i] = plan.wording().option("stop-if", conditions[i]);
    }
  }

  /** Returns the reading that a condition looks at; of pauses, the increase counts. */
  private static Reading readingOf(Effect effect) {
    switch (effect) {
      case GC:
        return Reading.GC_OF_PROCESS_1S;
      case PSI:
        return Reading.PRESSURE_1S;
      case PAUSE:
        return Reading.PAUSE_MILLIS;
      case STALL_P50:
        return Reading.STALL_P50;
      case STALL_P99:
        return Reading.STALL_P99;
      case STALL_P999:
        return Reading.STALL_P999;
      default:
        return Reading.STALL_MAX;
    }
  }

  /**
   * Requires a figure for each condition.
   *
   * @throws IOException with a sentence, if this JVM or kernel has no such figure
   */
  void requireFigures(PlanState state) throws IOException {
    for (int i = 0; i < conditions.length; i++) {
      Reading source = sourceOf(conditions[i].effect());
      if (source != null && state.get(source) == Reading.UNKNOWN) {
        throw new IOException(
            reasons[i]
                + " can never hold: "
                + source.field()
                + " is not known here; give a condition on stalls, stall.max>1s");
      }
    }
  }

  /** Returns the counter behind an effect; null for stalls, which the plan measures itself. */
  static Reading sourceOf(Effect effect) {
    switch (effect) {
      case GC:
        return Reading.GC_CPU_MILLIS;
      case PSI:
        return Reading.PRESSURE_MILLIS;
      case PAUSE:
        return Reading.PAUSE_MILLIS;
      default:
        return null;
    }
  }

  /**
   * Releases the plan if a condition has been true for its time. Before the first block, the effect
   * is not the plan's.
   */
  void apply(PlanState state, long nanoTime) {
    long paused = newPause(state);
    begun |= state.get(Reading.BLOCKS) > 0;
    if (!begun) {
      return;
    }
    for (int i = 0; i < conditions.length; i++) {
      boolean isPause = readings[i] == Reading.PAUSE_MILLIS;
      long measured = isPause ? paused : state.get(readings[i]);
      boolean is = measured > conditions[i].limit();
      since[i] = is && above[i] ? since[i] : nanoTime;
      above[i] = is;
      if (is && nanoTime - since[i] >= conditions[i].forMillis() * NANOS_OF_MILLI) {
        stop(state, i, measured);
      }
    }
  }

  /**
   * Returns the microseconds of pauses since the last look. The plan's thread stops in a pause as
   * well, so a long pause is within one look. Pauses in quick succession count as one.
   */
  private long newPause(PlanState state) {
    long before = pauseMillis;
    pauseMillis = state.get(Reading.PAUSE_MILLIS);
    return before == Reading.UNKNOWN ? 0 : (pauseMillis - before) * MICROS_OF_MILLI;
  }

  private void stop(PlanState state, int condition, long measured) {
    if (state.release(reasons[condition])) {
      state.set(Reading.STOPPED, 1);
      explain(condition, measured);
    }
  }

  private void explain(int condition, long measured) {
    finding.clear().append("released by ").append(reasons[condition]).append(": measured ");
    if (conditions[condition].effect().isShare()) {
      finding.append(measured / 10).append('.').append(measured % 10).append(" %");
    } else {
      finding.append(measured / MICROS_OF_MILLI).append(" ms");
    }
  }

  /** Appends the reason of the stop, for people; nothing without a stop. */
  void appendFinding(AsciiLine line) {
    line.append(finding);
  }

  /** Returns true if a condition has released the plan. */
  boolean hasStopped() {
    return finding.length() > 0;
  }

  /** Performs all steps once: a literal becomes an object at its first use. */
  void warmUp() {
    for (int i = 0; i < conditions.length; i++) {
      explain(i, 0);
    }
    finding.clear();
  }
}
