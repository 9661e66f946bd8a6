package io.allocmem.launcher.control;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.Phase;

/**
 * One plan in one sample: the fields of a record, in their order, by their names. Bytes; null is
 * what was not measured or not known.
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
    Long blocks,
    Long committed,
    Long touched,
    Long resident,
    Long regionWaste,
    Long rssBefore,
    Long dueMillis,
    String message) {

  boolean isComplete() {
    return name != null && phase != null && blocks != null && committed != null && touched != null;
  }

  /** A plan whose JVM died is not over: nobody saw it give anything back. */
  public boolean isOver() {
    return phase.equals(Phase.RELEASED.name()) || phase.equals(Phase.FAILED.name());
  }

  /** Whether its area refused the last block that it asked for. */
  public boolean isExhausted() {
    return phase.equals(Phase.EXHAUSTED.name());
  }

  /** The most that it will hold, whole blocks only; null when it goes by usage, or for all. */
  public Long most() {
    return limit == null || blockSize == null || limit <= 0 || blockSize <= 0
        ? null
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
