package io.allocmem.launcher.control;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.HoldPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One plan in one sample. What is not known is null.
 *
 * @param blockSize bytes
 * @param limit bytes; 0 for all there is, null for a plan that follows usage
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

  /** Returns the names of a plan's fields in a record, in their order. */
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

  /** Returns the reading of the plan; null where it was not measured. */
  public Long get(Reading reading) {
    return JvmSample.known(readings, reading);
  }

  /** Returns the reading of the plan; {@link Reading#UNKNOWN} where it was not measured. */
  public long orUnknown(Reading reading) {
    return readings.get(reading);
  }

  /** Returns the fields by their names in a record, in their order. */
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

  /** A plan whose JVM died is not over: nobody saw it give anything back. */
  public boolean isOver() {
    return phase.equals(Phase.RELEASED.name()) || phase.equals(Phase.FAILED.name());
  }

  /** Whether its area refused the last block that it asked for. */
  public boolean isExhausted() {
    return phase.equals(Phase.EXHAUSTED.name());
  }

  /** Returns the most bytes that the plan will hold, in whole blocks; unknown without a limit. */
  public long most() {
    return limit == null || blockSize == null || limit <= 0 || blockSize <= 0
        ? Reading.UNKNOWN
        : (limit + blockSize - 1) / blockSize * blockSize;
  }

  /** The plan in words, as the agent has them; a dash where another version's cannot be told. */
  public String toHuman() {
    try {
      return plan().toHuman();
    } catch (InvalidArguments | IllegalArgumentException | NullPointerException unknown) {
      return "-";
    }
  }

  /** Says it in the agent's own words, so that no second place knows what a plan is called. */
  private HoldPlan plan() throws InvalidArguments {
    String amount = until == null ? "x=" + limit / 1024 + "k" : "until=" + until;
    return AgentArguments.parse(
        "a=%s,m=%dk,%s,f=%s,e=%dms,then=%s"
            .formatted(
                area,
                blockSize / 1024,
                amount,
                new java.math.BigDecimal(fill.toString()).toPlainString(),
                delayMs,
                then));
  }
}
