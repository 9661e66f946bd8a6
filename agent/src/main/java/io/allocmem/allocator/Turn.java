package io.allocmem.allocator;

import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import java.util.function.BooleanSupplier;

/**
 * What the plan's thread does between two blocks: obeys, stays while paused, and keeps the held
 * blocks, and what is free, as they should be. Each wait ends early, and says false, when the plan
 * is told to release. Allocates nothing.
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

  /** Until a resume, or until it is time to begin. */
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

  /** While the plan is in that phase. */
  boolean whileIn(Phase phase) {
    while (counters.phase == phase && !commands.isReleasing()) {
      rest(Long.MAX_VALUE);
    }
    return !commands.isReleasing();
  }

  /**
   * Until a resume. A plan that follows usage also goes on when others have given back enough since
   * the refusal; tries without that would cost a full collection each.
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

  /** Until the next block is due. */
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

  /** Nanoseconds to the next step, which the status says; zero or less when it is due. */
  private long untilStep() {
    long left = pace.untilDue(ticker.nanoTime());
    counters.set(
        Reading.DUE_MILLIS,
        left > 0 ? System.currentTimeMillis() + left / 1_000_000 : Reading.UNKNOWN);
    return left;
  }

  /** While one more block would leave too little free; such a wait is not made up for. */
  boolean forRoom() {
    while (getAsBoolean() && !guard.hasRoom()) {
      rest(Long.MAX_VALUE);
      guard.explain(counters.message.clear());
    }
    pace.start(ticker.nanoTime());
    return !commands.isReleasing();
  }

  /** For so long at most. */
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

  /** While paused, if it is: between any two steps. False when told to release. */
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
