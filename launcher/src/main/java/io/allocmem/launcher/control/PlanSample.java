package io.allocmem.launcher.control;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.PlanOption;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.EffectTarget;
import io.allocmem.plan.HoldPlan;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One plan in one sample. Unknown values are null.
 *
 * @param blockSize bytes
 * @param limit bytes; 0 for the whole area, null for a plan that follows usage
 * @param delayMs milliseconds
 */
public record PlanSample(
    String name,
    String phase,
    String area,
    Long blockSize,
    Long limit,
    String until,
    String then,
    Double fill,
    Long delayMs,
    Readings readings,
    String message) {

  private static final PlanSample NONE =
      new PlanSample(null, null, null, null, null, null, null, null, null, new Readings(), null);

  /** Returns the names of a plan's fields in a record, in record order. */
  public static Set<String> names() {
    return NONE.fields().keySet();
  }

  boolean isComplete() {
    return name != null
        && phase != null
        && get(Reading.BLOCKS) != null
        && get(Reading.COMMITTED) != null
        && get(Reading.TOUCHED) != null;
  }

  /** Returns the reading of the plan; null if not measured. */
  public Long get(Reading reading) {
    return JvmSample.known(readings, reading);
  }

  /** Returns the reading of the plan; {@link Reading#UNKNOWN} if not measured. */
  public long orUnknown(Reading reading) {
    return readings.get(reading);
  }

  /** Returns the fields by name, in record order. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("phase", phase);
    fields.put("area", area);
    fields.put("blockSize", blockSize);
    fields.put("limit", limit);
    fields.put("until", until);
    fields.put("then", then);
    fields.put("fill", fill);
    fields.put("delayMs", delayMs);
    JvmSample.put(readings, Reading.Scope.PLAN, fields);
    fields.put("message", message);
    return fields;
  }

  /**
   * Returns true if the plan has ended. A plan of a dead JVM is not over: no sample shows a
   * release.
   */
  public boolean isOver() {
    return phase.equals(Phase.RELEASED.name()) || phase.equals(Phase.FAILED.name());
  }

  /** Returns true if the JVM of the plan ended before the plan. */
  public boolean isDead() {
    return phase.equals(StatusReport.DEAD);
  }

  /** Returns true if the plan cannot take the next block now. */
  boolean isRefused() {
    return isExhausted() || phase.equals(Phase.GUARDED.name());
  }

  /** Returns the amount that was asked for, for people. */
  String aim() {
    if (until != null) {
      return until;
    }
    return most() == Reading.UNKNOWN ? "what was asked" : Sizes.of(most());
  }

  /** Returns true if the plan follows an effect of the pressure, and no amount. */
  public boolean isByEffect() {
    return until != null && EffectTarget.isNamed(until);
  }

  /** Returns true if the area refused the last requested block. */
  public boolean isExhausted() {
    return phase.equals(Phase.EXHAUSTED.name());
  }

  /** Returns the maximum bytes of the plan, in whole blocks; unknown without a limit. */
  public long most() {
    return limit == null || blockSize == null || limit <= 0 || blockSize <= 0
        ? Reading.UNKNOWN
        : (limit + blockSize - 1) / blockSize * blockSize;
  }

  /** Returns the plan in the agent's words; a dash if the words of another version are unknown. */
  public String toHuman() {
    try {
      return plan().toHuman();
    } catch (InvalidArguments | IllegalArgumentException | NullPointerException unknown) {
      return "-";
    }
  }

  /** Parses the plan with the agent's own parser: no second place describes a plan in words. */
  private HoldPlan plan() throws InvalidArguments {
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    values.put(PlanOption.AREA, Objects.requireNonNull(area));
    values.put(PlanOption.BLOCK, blockSize / 1024 + "k");
    values.put(PlanOption.LIMIT, until == null ? limit / 1024 + "k" : null);
    values.put(PlanOption.UNTIL, until);
    values.put(PlanOption.FILL, new BigDecimal(fill.toString()).toPlainString());
    values.put(PlanOption.DELAY, delayMs.toString());
    values.put(PlanOption.THEN, Objects.requireNonNull(then));
    return AgentArguments.plan(values);
  }
}
