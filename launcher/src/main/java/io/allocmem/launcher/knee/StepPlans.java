package io.allocmem.launcher.knee;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.PlanOption;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Wording;
import java.util.EnumMap;
import java.util.Map;

/** Plans of a step, by the options of the search. */
public final class StepPlans {
  /** A killed launcher renews no lease. */
  private static final String LEASE = "30s";

  private static final String OF_METER = "-meter";

  /** Blocks in a heap: the steps of the filling are well below a point. */
  private static final int BLOCKS = 400;

  private static final long MIB = 1 << 20;
  private static final long LARGEST_MIB = 64;

  private StepPlans() {}

  /**
   * Returns the plan that keeps the heap at a share.
   *
   * @param heapMax bytes; unknown before the first plan
   * @throws IllegalArgumentException with the rule, if an option is invalid
   */
  public static HoldPlan pressure(KneeOptions options, int share, long heapMax) {
    Map<PlanOption, String> values = common(options, options.name());
    values.put(PlanOption.UNTIL, share + "%");
    values.put(PlanOption.BLOCK, blockMib(heapMax) + "m");
    if (options.stopIf() != null) {
      values.put(PlanOption.STOP_IF, options.stopIf());
    }
    return plan(values);
  }

  /**
   * Returns the plan that measures: hardly any memory, and stalls from the resume on. A resume
   * reaches a plan also in a full heap, where no attach is possible.
   */
  public static HoldPlan meter(KneeOptions options) {
    Map<PlanOption, String> values = common(options, options.name() + OF_METER);
    values.put(PlanOption.AREA, "native");
    values.put(PlanOption.BLOCK, "64k");
    values.put(PlanOption.LIMIT, "64k");
    values.put(PlanOption.BREAK, "true");
    values.put(PlanOption.STALLS, "on");
    values.put(PlanOption.LOG, "off");
    return plan(values);
  }

  /** Returns a power of two: such blocks fill regions of the collector without a rest. */
  static long blockMib(long heapMax) {
    return Math.max(1, Math.min(LARGEST_MIB, Long.highestOneBit(heapMax / BLOCKS / MIB)));
  }

  private static Map<PlanOption, String> common(KneeOptions options, String name) {
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    values.put(PlanOption.NAME, name);
    values.put(PlanOption.BY, options.by());
    values.put(PlanOption.LEASE, LEASE);
    values.put(PlanOption.WORDS, Wording.LAUNCHER.toString());
    return values;
  }

  private static HoldPlan plan(Map<PlanOption, String> values) {
    try {
      return AgentArguments.plan(values);
    } catch (InvalidArguments e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
