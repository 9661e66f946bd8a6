package io.allocmem.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Values of a plan while the caller gathers them. One thread. */
public final class PlanDraft implements Cloneable {
  /** These values are null if not given; rate and over are other spellings of a delay. */
  public Limit limit;

  public Amount until;

  /** Target by effect; {@link #until} is then the most that the plan uses. */
  private EffectTarget effectTarget;

  public Rate rate;
  public Duration over;
  public Duration hold;
  public String by;
  public String name;
  public AreaKind area;
  public ByteSize blockSize;

  public Amount keepFree;
  public Amount reserve = Amount.NONE;
  public FillRatio fill;
  public boolean keepResident;
  public PageKind pages = PageKind.NORMAL;

  /** Unit of the touched bytes of a block; not an option. */
  long pageSize = 1;

  public Threads threads = Threads.ONE;
  public Duration delay;

  public Duration wait;
  public Duration duration;
  public Duration lease;
  public AtLimit then;
  public boolean breakFirst;
  public boolean allowOutOfMemory;
  public List<StopCondition> stopIf = Collections.emptyList();
  public boolean stalls;
  public int statsEvery;
  public boolean logBlocks;
  public String log;
  public Jmx jmx;
  public Wording wording = Wording.AGENT;

  public PlanDraft() {}

  /** Sets a target by effect, and the largest usage of such a plan. */
  public void follow(EffectTarget target) {
    effectTarget = target;
    until = target.most();
  }

  EffectTarget effectTarget() {
    return effectTarget;
  }

  /** Replaces a rate, and a time to a limit in bytes, by the delay between two blocks. */
  void spread() {
    if (rate != null) {
      delay = rate.delayOf(blockSize);
      rate = null;
    }
    if (over != null && !limit.isShare()) {
      delay = Rate.delayOver(over, limit.blocksOf(blockSize));
      over = null;
    }
  }

  PlanDraft copy() {
    try {
      return (PlanDraft) clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e); // the class is cloneable
    }
  }

  /**
   * Creates the plan from these values.
   *
   * @throws IllegalArgumentException with the rule, if values contradict each other
   */
  public HoldPlan toPlan() {
    new PlanRules(this).require();
    PlanDraft draft = copy();
    draft.spread();
    return new HoldPlan(draft);
  }
}
