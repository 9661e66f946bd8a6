package io.allocmem.allocator;

import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import java.util.function.BooleanSupplier;

/**
 * Turn of the plan's thread between two blocks: obeys commands, waits while paused, and maintains
 * held blocks and headroom. Each wait ends early, and returns false, once the plan is releasing.
 * Allocates nothing.
 */
final class Turn implements BooleanSupplier {
  private final HoldPlan plan;
  private final boolean follows;
  private final Counters counters;
  private final CommandPoll commands;
  private final Guard guard;
  private final Holding holding;
  private final Residency residency;
  private final Pace pace;
  private final PlanLog log;
  private final Ticker ticker;

  Turn(
      HoldPlan plan,
      Counters counters,
      CommandPoll commands,
      Guard guard,
      Holding holding,
      Residency residency,
      Pace pace,
      PlanLog log,
      Ticker ticker) {
    this.plan = plan;
    this.follows = plan.until() != null;
    this.counters = counters;
    this.commands = commands;
    this.guard = guard;
    this.holding = holding;
    this.residency = residency;
    this.pace = pace;
    this.log = log;
    this.ticker = ticker;
  }

  /** Waits until a resume, or until the time of the first block. */
  boolean toBegin() {
    if (plan.breaksFirst()) {
      return whileIn(Phase.WAITING);
    }
    pace.start(ticker.nanoTime() + plan.waitFirst().toNanos());
    while (getAsBoolean() && counters.phase == Phase.WAITING && untilStep() > 0) {
      commands.park(untilStep());
    }
    counters.phase = Phase.ALLOCATING;
    return !commands.isReleasing();
  }

  /** Waits while the plan is in the given phase. */
  boolean whileIn(Phase phase) {
    while (counters.phase == phase && !commands.isReleasing()) {
      rest(Long.MAX_VALUE);
    }
    return !commands.isReleasing();
  }

  /**
   * Waits until a resume. A plan with a target utilisation also goes on after other usage has
   * fallen enough since the refusal. Without such a fall, each attempt would cost a full
   * collection.
   */
  boolean whileExhausted() {
    long refusedAt = follows ? guard.used() : 0;
    while (counters.phase == Phase.EXHAUSTED && !commands.isReleasing()) {
      rest(Long.MAX_VALUE);
      if (follows && counters.phase == Phase.EXHAUSTED && guard.hasFallenBelow(refusedAt)) {
        counters.phase = Phase.ALLOCATING;
        log.goesOn(counters);
      }
    }
    return getAsBoolean();
  }

  /** Waits until the next block is due. */
  boolean untilDue() {
    while (getAsBoolean()) {
      long left = untilStep();
      if (left <= 0) {
        if (guard.isUnsure()) {
          rest(Long.MAX_VALUE);
        }
        residency.keep();
        return !commands.isReleasing();
      }
      rest(left);
    }
    return false;
  }

  /**
   * Returns the nanoseconds to the next step; zero or less if the step is due. The status shows the
   * due time.
   */
  private long untilStep() {
    long left = pace.untilDue(ticker.nanoTime());
    counters.set(
        Reading.DUE_MILLIS,
        left > 0 ? System.currentTimeMillis() + left / 1_000_000 : Reading.UNKNOWN);
    return left;
  }

  /**
   * Waits while one more block would leave too little headroom. The plan does not make up for this
   * wait.
   */
  boolean forRoom() {
    while (getAsBoolean() && !guard.hasRoom()) {
      rest(Long.MAX_VALUE);
      guard.explain(counters.message.clear());
    }
    pace.start(ticker.nanoTime());
    return !commands.isReleasing();
  }

  /** Waits at most {@code nanos}. Releases blocks while usage is too high. */
  void rest(long nanos) {
    commands.park(nanos);
    while (holding.canGiveBack() && guard.isTooMuch() && !commands.isReleasing()) {
      log.givesBack(counters);
      holding.giveBackOldest();
      guard.gaveBack();
      commands.obey();
    }
    residency.keep();
  }

  /**
   * Waits while the plan is paused; called between any two steps. Returns false once the plan is
   * releasing.
   */
  @Override
  public boolean getAsBoolean() {
    commands.obey();
    if (counters.phase == Phase.PAUSED) {
      counters.set(Reading.DUE_MILLIS, Reading.UNKNOWN);
      long start = ticker.nanoTime();
      whileIn(Phase.PAUSED);
      pace.shift(ticker.nanoTime() - start);
    }
    return !commands.isReleasing();
  }
}
