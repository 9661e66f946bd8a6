package io.allocmem.plan;

import java.time.Duration;
import java.util.List;

/**
 * Plan of memory to hold: immutable, complete and consistent, independent of the requester. {@link
 * PlanDraft} supplies the values once. A plan does not know option names.
 */
public final class HoldPlan {
  /** Log destination: the target's stderr. */
  public static final String LOG_TO_STDERR = "stderr";

  /** Log destination: no log. */
  public static final String LOG_OFF = "off";

  /** Default hold time of a saw-tooth: the hold makes the teeth visible. */
  private static final Duration CYCLE_HOLD = Duration.ofSeconds(30);

  /** A copy of the caller's draft, never changed. */
  private final PlanDraft values;

  /** Called by {@link PlanDraft}; a private constructor would need a class for the access. */
  HoldPlan(PlanDraft draft) {
    this.values = draft.copy();
  }

  /** Returns the plan's name, unique in its JVM. */
  public String name() {
    return values.name;
  }

  /** Returns the area where memory is taken. */
  public AreaKind area() {
    return values.area;
  }

  /** Returns the size of a block. */
  public ByteSize blockSize() {
    return values.blockSize;
  }

  /** Returns the limit where the plan stops; none for a plan with a target utilisation. */
  public Limit limit() {
    return values.limit == null ? Limit.NONE : values.limit;
  }

  /**
   * Returns the target utilisation of application and plan together; null with a limit. With a
   * target by effect: the most that both together use.
   */
  public Amount until() {
    return values.until;
  }

  /** Returns the target by effect; null for a plan with a limit or a target utilisation. */
  public EffectTarget effectTarget() {
    return values.effectTarget();
  }

  /** Returns true if the target is memory pressure, which is the container's or the machine's. */
  public boolean followsPressure() {
    return effectTarget() != null && !effectTarget().isOfHeap();
  }

  /** Returns the target, by usage or by effect, as the option takes it; null with a limit. */
  public String aim() {
    return effectTarget() != null
        ? effectTarget().toString()
        : until() == null ? null : until().toString();
  }

  /** Returns the headroom to keep free in the area and in the container. */
  public Amount keepFree() {
    return values.keepFree;
  }

  /** Returns further headroom in the container, for an invisible limit above, as of a pod. */
  public Amount reserve() {
    return values.reserve;
  }

  /** Returns the share of each block that is touched. */
  public FillRatio fill() {
    return values.fill;
  }

  /** Returns the touched bytes at the start of each block: whole pages of the plan's kind. */
  public ByteSize touchedPerBlock() {
    return fill().of(blockSize(), values.pageSize);
  }

  /** Returns the kind of the touched pages. */
  public PageKind pages() {
    return values.pages;
  }

  /** Returns the size of huge or locked pages in bytes; 1 for normal pages, or if not known. */
  public long pageSize() {
    return values.pageSize;
  }

  /** Returns true if the plan touches pages again that are no longer in RAM. */
  public boolean keepsResident() {
    return values.keepResident;
  }

  /** Returns the threads that take the blocks. */
  public Threads threads() {
    return values.threads;
  }

  /** Returns the time from the start of a block to the start of the next block. */
  public Duration delay() {
    return values.delay;
  }

  /**
   * Returns the delay in milliseconds, rounded up: a delay of a fast rate is never shown as none.
   */
  public long delayMillis() {
    return values.delay.plusNanos(999_999).toMillis();
  }

  /**
   * Returns the time from the first block to the limit, as long as the limit is a share and the
   * delay therefore not known; else null.
   */
  public Duration over() {
    return values.over;
  }

  /** Returns the time before the first block; a resume ends this wait early. */
  public Duration waitFirst() {
    return values.wait;
  }

  /** Returns the time from the first block to a release by the plan itself; zero for none. */
  public Duration duration() {
    return values.duration;
  }

  /** Returns the time from the last renewal to a release by the plan itself; zero for none. */
  public Duration lease() {
    return values.lease;
  }

  /** Returns the action at the limit. */
  public AtLimit then() {
    return values.then;
  }

  /**
   * Returns the hold time at the limit, before the action. Without a hold time, other actions than
   * a saw-tooth begin as soon as the plan is full.
   */
  public Duration hold() {
    if (values.hold != null) {
      return values.hold;
    }
    return values.then == AtLimit.CYCLE ? CYCLE_HOLD : Duration.ZERO;
  }

  /**
   * Returns true if the plan may risk an OutOfMemoryError where the error ends the JVM or writes a
   * dump.
   */
  public boolean allowsOutOfMemory() {
    return values.allowOutOfMemory;
  }

  /** Returns the conditions that release the plan at once; not to be changed. */
  public List<StopCondition> stopConditions() {
    return values.stopIf;
  }

  /** Returns true if a thread measures stalls while the plan runs. */
  public boolean measuresStalls() {
    boolean needed = values.stalls;
    for (StopCondition condition : values.stopIf) {
      needed |= condition.effect().needsProbe();
    }
    return needed;
  }

  /** Returns true if the plan takes nothing before the first resume. */
  public boolean breaksFirst() {
    return values.breakFirst;
  }

  /** Returns the number of blocks between two lines of process statistics; 0 for never. */
  public int statsEvery() {
    return values.statsEvery;
  }

  /** Returns true if each block has a log line of its own. */
  public boolean logsBlocks() {
    return values.logBlocks;
  }

  /** Returns the log destination: {@link #LOG_TO_STDERR}, {@link #LOG_OFF} or a file's path. */
  public String log() {
    return values.log;
  }

  /** Returns the rule for the plan's MXBean. */
  public Jmx jmx() {
    return values.jmx;
  }

  /** Returns the requester, for people; null if not given. */
  public String by() {
    return values.by;
  }

  /** Returns the notation of options in messages about this plan. */
  public Wording wording() {
    return values.wording;
  }

  /** Returns the plan with another notation of options in messages. */
  public HoldPlan in(Wording wording) {
    PlanDraft draft = values.copy();
    draft.wording = wording;
    return draft.toPlan();
  }

  /** Returns the plan with the size of its pages in bytes. */
  public HoldPlan on(long pageSize) {
    PlanDraft draft = values.copy();
    draft.pageSize = pageSize;
    return draft.toPlan();
  }

  /** Returns the plan with another reserve. */
  public HoldPlan reserving(Amount reserve) {
    PlanDraft draft = values.copy();
    draft.reserve = reserve;
    return draft.toPlan();
  }

  /** Returns true if the plan measures usage, and stops before the container is full. */
  public boolean isGuarded() {
    return until() != null || !keepFree().isNone();
  }

  /** Returns the plan with a limit in bytes: a limit in percent is of the area's capacity. */
  public HoldPlan within(long capacity) {
    if (!limit().isShare()) {
      return this;
    }
    PlanDraft draft = values.copy();
    draft.limit = values.limit.within(capacity);
    draft.spread();
    return draft.toPlan();
  }

  /** Returns text for people: {@code 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched}. */
  public String toHuman() {
    return PlanText.of(this);
  }
}
