package io.allocmem.plan;

import java.time.Duration;

/**
 * Plan of memory to hold: immutable, complete and consistent, independent of the requester. {@link
 * Draft} supplies the values once. A plan does not know option names.
 */
public final class HoldPlan {
  /** Log destination: the target's stderr. */
  public static final String LOG_TO_STDERR = "stderr";

  /** Log destination: no log. */
  public static final String LOG_OFF = "off";

  private final String name;
  private final AreaKind area;
  private final ByteSize blockSize;
  private final Limit limit;
  private final Amount until;
  private final Amount keepFree;
  private final FillRatio fill;
  private final boolean keepResident;
  private final Duration delay;
  private final Duration wait;
  private final Duration duration;
  private final Duration lease;
  private final AtLimit then;
  private final Duration hold;
  private final boolean breakFirst;
  private final boolean allowsOutOfMemory;
  private final int statsEvery;
  private final boolean logBlocks;
  private final String log;
  private final Jmx jmx;
  private final String by;

  private HoldPlan(Draft draft) {
    this.name = draft.name;
    this.area = draft.area;
    this.blockSize = draft.blockSize;
    this.limit = draft.limit == null ? Limit.NONE : draft.limit;
    this.until = draft.until;
    this.keepFree = draft.keepFree;
    this.fill = draft.fill;
    this.keepResident = draft.keepResident;
    this.delay = draft.delay;
    this.wait = draft.wait;
    this.duration = draft.duration;
    this.lease = draft.lease;
    this.then = draft.then;
    this.hold = draft.hold == null ? holdOf(draft.then) : draft.hold;
    this.breakFirst = draft.breakFirst;
    this.allowsOutOfMemory = draft.allowOutOfMemory;
    this.statsEvery = draft.statsEvery;
    this.logBlocks = draft.logBlocks;
    this.log = draft.log;
    this.jmx = draft.jmx;
    this.by = draft.by;
  }

  /**
   * Returns the default hold time. The hold makes a saw-tooth visible. Other actions begin as soon
   * as the plan is full.
   */
  private static Duration holdOf(AtLimit then) {
    return then == AtLimit.CYCLE ? Duration.ofSeconds(30) : Duration.ZERO;
  }

  /** Returns the plan's name, unique in its JVM. */
  public String name() {
    return name;
  }

  /** Returns the area where memory is taken. */
  public AreaKind area() {
    return area;
  }

  /** Returns the size of a block. */
  public ByteSize blockSize() {
    return blockSize;
  }

  /** Returns the limit where the plan stops; none for a plan with a target utilisation. */
  public Limit limit() {
    return limit;
  }

  /**
   * Returns the target utilisation of application and plan together; null for a plan with a limit.
   */
  public Amount until() {
    return until;
  }

  /** Returns the headroom to keep free in the area and in the container. */
  public Amount keepFree() {
    return keepFree;
  }

  /** Returns the share of each block that is touched. */
  public FillRatio fill() {
    return fill;
  }

  /** Returns true if the plan touches pages again that are no longer in RAM. */
  public boolean keepsResident() {
    return keepResident;
  }

  /** Returns the time from the start of a block to the start of the next block. */
  public Duration delay() {
    return delay;
  }

  /** Returns the time before the first block; a resume ends this wait early. */
  public Duration waitFirst() {
    return wait;
  }

  /** Returns the time from the first block to a release by the plan itself; zero for none. */
  public Duration duration() {
    return duration;
  }

  /** Returns the time from the last renewal to a release by the plan itself; zero for none. */
  public Duration lease() {
    return lease;
  }

  /** Returns the action at the limit. */
  public AtLimit then() {
    return then;
  }

  /** Returns the hold time at the limit, before the action. */
  public Duration hold() {
    return hold;
  }

  /**
   * Returns true if the plan may risk an OutOfMemoryError where the error ends the JVM or writes a
   * dump.
   */
  public boolean allowsOutOfMemory() {
    return allowsOutOfMemory;
  }

  /** Returns true if the plan takes nothing before the first resume. */
  public boolean breaksFirst() {
    return breakFirst;
  }

  /** Returns the number of blocks between two lines of process statistics; 0 for never. */
  public int statsEvery() {
    return statsEvery;
  }

  /** Returns true if each block has a log line of its own. */
  public boolean logsBlocks() {
    return logBlocks;
  }

  /** Returns the log destination: {@link #LOG_TO_STDERR}, {@link #LOG_OFF} or a file's path. */
  public String log() {
    return log;
  }

  /** Returns the rule for the plan's MXBean. */
  public Jmx jmx() {
    return jmx;
  }

  /** Returns the requester, for people; null if not given. */
  public String by() {
    return by;
  }

  /**
   * Returns the plan with a limit in bytes. A limit in percent is applied to the area's capacity.
   */
  public HoldPlan within(long capacity) {
    if (!limit.isShare()) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.limit = limit.within(capacity);
    return draft.toPlan();
  }

  /** Returns text for people: {@code 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched}. */
  public String toHuman() {
    String blocks = "blocks of " + blockSize.toHuman();
    if (until != null || limit.isNone() || limit.isShare()) {
      return blocks + " " + end() + ", " + fill.toHuman() + " of each touched";
    }
    long count = limit.blocksOf(blockSize);
    return count
        + (count == 1 ? " block of " : " blocks of ")
        + blockSize.toHuman()
        + " = "
        + ByteSize.ofBytes(count * blockSize.bytes()).toHuman()
        + ", "
        + ByteSize.ofBytes(count * fill.of(blockSize).bytes()).toHuman()
        + " touched";
  }

  private String end() {
    if (until != null) {
      return "until " + until.toHuman() + " of " + area.capacityToHuman() + " is used";
    }
    return limit.isNone()
        ? "until memory runs out"
        : "up to " + limit.toHuman() + " of " + area.capacityToHuman();
  }

  /** Values of a plan while the caller gathers them. One thread. */
  public static final class Draft {
    public String name;
    public AreaKind area;
    public ByteSize blockSize;

    /** Null if not given. */
    public Limit limit;

    /** Null if not given. */
    public Amount until;

    public Amount keepFree;
    public FillRatio fill;
    public boolean keepResident;
    public Duration delay;
    public Duration wait;
    public Duration duration;
    public Duration lease;
    public AtLimit then;

    /** Null if not given. */
    public Duration hold;

    public boolean breakFirst;
    public boolean allowOutOfMemory;
    public int statsEvery;
    public boolean logBlocks;
    public String log;
    public Jmx jmx;

    /** Null if not given. */
    public String by;

    public Draft() {}

    private Draft(HoldPlan plan) {
      name = plan.name;
      area = plan.area;
      blockSize = plan.blockSize;
      limit = plan.limit;
      keepFree = plan.keepFree;
      fill = plan.fill;
      keepResident = plan.keepResident;
      delay = plan.delay;
      wait = plan.wait;
      duration = plan.duration;
      lease = plan.lease;
      then = plan.then;
      hold = plan.then.hasHold() ? plan.hold : null;
      breakFirst = plan.breakFirst;
      allowOutOfMemory = plan.allowsOutOfMemory;
      statsEvery = plan.statsEvery;
      logBlocks = plan.logBlocks;
      log = plan.log;
      jmx = plan.jmx;
      by = plan.by;
    }

    /**
     * Creates the plan from these values.
     *
     * @throws IllegalArgumentException with the rule, if values contradict each other
     */
    public HoldPlan toPlan() {
      new PlanRules(this).require();
      return new HoldPlan(this);
    }
  }
}
