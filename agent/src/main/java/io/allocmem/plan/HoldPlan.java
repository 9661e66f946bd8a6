package io.allocmem.plan;

import java.time.Duration;

/**
 * What is to be held: immutable, complete and consistent, whoever asked for it. It is filled once,
 * through {@link Draft}, and knows nothing of option names.
 */
public final class HoldPlan {
  /** The log goes to the target's stderr. */
  public static final String LOG_TO_STDERR = "stderr";

  /** There is no log. */
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

  /** A saw-tooth should be seen; the others say "when full". */
  private static Duration holdOf(AtLimit then) {
    return then == AtLimit.CYCLE ? Duration.ofSeconds(30) : Duration.ZERO;
  }

  /** The plan's name, unique in its JVM. */
  public String name() {
    return name;
  }

  /** Where memory is taken. */
  public AreaKind area() {
    return area;
  }

  /** The size of one block. */
  public ByteSize blockSize() {
    return blockSize;
  }

  /** When to stop; none for a plan that follows what is used. */
  public Limit limit() {
    return limit;
  }

  /** The usage that application and plan are brought to together; null for a plan with a limit. */
  public Amount until() {
    return until;
  }

  /** What must stay free in the area and in the container. */
  public Amount keepFree() {
    return keepFree;
  }

  /** The share of each block that is touched. */
  public FillRatio fill() {
    return fill;
  }

  /** Whether what was touched is touched again when it is no longer in RAM. */
  public boolean keepsResident() {
    return keepResident;
  }

  /** The time from the start of one block to the start of the next. */
  public Duration delay() {
    return delay;
  }

  /** The time before the first block, or until a resume. */
  public Duration waitFirst() {
    return wait;
  }

  /** The time from the first block to a release by the plan itself; zero for none. */
  public Duration duration() {
    return duration;
  }

  /** The time from one renewal to the release without a next one; zero for none. */
  public Duration lease() {
    return lease;
  }

  /** What happens at the limit. */
  public AtLimit then() {
    return then;
  }

  /** The time at the limit before that. */
  public Duration hold() {
    return hold;
  }

  /** Whether an OutOfMemoryError may be risked where it ends the JVM, or makes it write a dump. */
  public boolean allowsOutOfMemory() {
    return allowsOutOfMemory;
  }

  /** Whether nothing is taken before the first resume. */
  public boolean breaksFirst() {
    return breakFirst;
  }

  /** A line of process statistics after so many blocks; 0 for never. */
  public int statsEvery() {
    return statsEvery;
  }

  /** Whether each block is logged in a line of its own. */
  public boolean logsBlocks() {
    return logBlocks;
  }

  /** Where the log goes: {@link #LOG_TO_STDERR}, {@link #LOG_OFF} or a file's path. */
  public String log() {
    return log;
  }

  /** Whether it is shown by JMX. */
  public Jmx jmx() {
    return jmx;
  }

  /** Who asked for it, for people; null when that was not said. */
  public String by() {
    return by;
  }

  /** The same plan with a limit that is a sum, where the area's capacity is known. */
  public HoldPlan within(long capacity) {
    if (!limit.isShare()) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.limit = limit.within(capacity);
    return draft.toPlan();
  }

  /** For people: {@code 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched}. */
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

  /** The values of a plan while they are gathered; one thread. */
  public static final class Draft {
    public String name;
    public AreaKind area;
    public ByteSize blockSize;

    /** Null when not given. */
    public Limit limit;

    /** Null when not given. */
    public Amount until;

    public Amount keepFree;
    public FillRatio fill;
    public boolean keepResident;
    public Duration delay;
    public Duration wait;
    public Duration duration;
    public Duration lease;
    public AtLimit then;

    /** Null when not given. */
    public Duration hold;

    public boolean breakFirst;
    public boolean allowOutOfMemory;
    public int statsEvery;
    public boolean logBlocks;
    public String log;
    public Jmx jmx;

    /** Null when not given. */
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
     * The plan that these values make.
     *
     * @throws IllegalArgumentException with the rule, when values contradict each other
     */
    public HoldPlan toPlan() {
      new PlanRules(this).require();
      return new HoldPlan(this);
    }
  }
}
