package io.allocmem.plan;

import java.time.Duration;

/**
 * What is to be held: immutable, complete and consistent, whoever asked for it. It is filled once,
 * through {@link Draft}, and knows nothing of option names.
 */
public final class HoldPlan {
  /** A smaller block would be less than a page: nothing that a kernel can count. */
  private static final ByteSize SMALLEST_BLOCK = ByteSize.parse("4k");

  private final String name;
  private final AreaKind area;
  private final ByteSize blockSize;
  private final Limit limit;
  private final FillRatio fill;
  private final boolean keepResident;
  private final Duration delay;
  private final Duration wait;
  private final Duration duration;
  private final boolean breakFirst;
  private final int statsEvery;
  private final boolean logBlocks;

  private HoldPlan(Draft draft) {
    this.name = draft.name;
    this.area = draft.area;
    this.blockSize = draft.blockSize;
    this.limit = draft.limit;
    this.fill = draft.fill;
    this.keepResident = draft.keepResident;
    this.delay = draft.delay;
    this.wait = draft.wait;
    this.duration = draft.duration;
    this.breakFirst = draft.breakFirst;
    this.statsEvery = draft.statsEvery;
    this.logBlocks = draft.logBlocks;
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

  /** When to stop. */
  public Limit limit() {
    return limit;
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

  /** For people: {@code 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched}. */
  public String toHuman() {
    if (limit().isNone()) {
      return "blocks of "
          + blockSize().toHuman()
          + " until memory runs out, "
          + fill().toHuman()
          + " of each touched";
    }
    long blocks = limit().blocksOf(blockSize());
    return blocks
        + (blocks == 1 ? " block of " : " blocks of ")
        + blockSize().toHuman()
        + " = "
        + ByteSize.ofBytes(blocks * blockSize().bytes()).toHuman()
        + ", "
        + ByteSize.ofBytes(blocks * fill().of(blockSize()).bytes()).toHuman()
        + " touched";
  }

  /** The values of a plan while they are gathered; one thread. */
  public static final class Draft {
    public String name;
    public AreaKind area;
    public ByteSize blockSize;
    public Limit limit;
    public FillRatio fill;
    public boolean keepResident;
    public Duration delay;
    public Duration wait;
    public Duration duration;
    public boolean breakFirst;
    public int statsEvery;
    public boolean logBlocks;

    /**
     * The plan that these values make.
     *
     * @throws IllegalArgumentException with the rule, when values contradict each other
     */
    public HoldPlan toPlan() {
      require(
          blockSize.compareTo(SMALLEST_BLOCK) >= 0,
          "a block is at least " + SMALLEST_BLOCK.toHuman() + ", one page");
      require(
          blockSize.compareTo(area.largestBlock()) <= 0,
          "one block in " + area.toHuman() + " is at most " + area.largestBlock().toHuman());
      require(
          fill.isFull() || area.canBeSparse(),
          "a fill ratio has no meaning for " + area.toHuman() + ": all of a block is written");
      require(
          !breakFirst || wait.isZero(), "break and wait: a plan waits for a resume or for a time");
      require(
          limit.isNone() || limit.blocksOf(blockSize) <= Long.MAX_VALUE / blockSize.bytes(),
          "limit and block size together are over 8 EiB");
      return new HoldPlan(this);
    }

    private static void require(boolean holds, String rule) {
      if (!holds) {
        throw new IllegalArgumentException(rule);
      }
    }
  }
}
