package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;

/**
 * Turn of the plan's thread between two blocks: obeys commands, waits while paused, collects the
 * blocks of the workers, and maintains held blocks and headroom. Each wait ends early, and returns
 * false, once the plan is releasing. Allocates nothing.
 */
final class Turn {
  /** Time for a collection of the application: near a full heap, collections are frequent. */
  private static final long SAMPLED_NANOS = 200_000_000;

  /** Sampling interval after which the garbage since a collection is small. */
  private static final long SAMPLE_NANOS = 5_000_000;

  private final HoldPlan plan;
  private final boolean follows;
  private final PlanState state;
  private final CommandPoll commands;
  private final Guard guard;
  private final HeldBlocks held;
  private final OrderedBlocks ordered;
  private final Pace pace;
  private final PlanLog log;
  private final Ticker ticker;

  Turn(
      HoldPlan plan,
      PlanState state,
      CommandPoll commands,
      Guard guard,
      HeldBlocks held,
      OrderedBlocks ordered,
      Pace pace,
      PlanLog log,
      Ticker ticker) {
    this.plan = plan;
    this.follows = plan.until() != null;
    this.state = state;
    this.commands = commands;
    this.guard = guard;
    this.held = held;
    this.ordered = ordered;
    this.pace = pace;
    this.log = log;
    this.ticker = ticker;
  }

  /**
   * Waits until a resume, or until the time of the first block. After a wait the application has
   * started, so the state before the first block is measured again.
   */
  boolean toBegin() {
    boolean waits = state.phase() == Phase.WAITING;
    boolean goesOn = plan.breaksFirst() ? whileIn(Phase.WAITING) : untilFirst();
    if (waits) {
      commands.measureAfterWait();
    }
    return goesOn;
  }

  private boolean untilFirst() {
    pace.start(ticker.nanoTime() + plan.waitFirst().toNanos());
    while (goesOn() && state.phase() == Phase.WAITING && untilStep() > 0) {
      commands.park(untilStep());
    }
    state.enter(Phase.ALLOCATING);
    return !state.isReleasing();
  }

  /** Waits while the plan is in the given phase. */
  boolean whileIn(Phase phase) {
    while (state.staysIn(phase)) {
      rest(Long.MAX_VALUE);
    }
    return !state.isReleasing();
  }

  /**
   * Waits until a resume. A plan with a target utilisation also goes on after other usage has
   * fallen enough since the refusal. Without such a fall, each attempt would cost a full
   * collection.
   */
  boolean whileExhausted() {
    long refusedAt = follows ? guard.used() : 0;
    while (state.staysIn(Phase.EXHAUSTED)) {
      rest(Long.MAX_VALUE);
      if (follows && state.phase() == Phase.EXHAUSTED && guard.hasFallenBelow(refusedAt)) {
        state.enter(Phase.ALLOCATING);
        log.goesOn(state);
      }
    }
    return goesOn();
  }

  /** Waits until the next block is due. */
  boolean untilDue() {
    while (goesOn()) {
      long left = untilStep();
      if (left <= 0) {
        if (guard.isUnsure()) {
          rest(Long.MAX_VALUE);
        }
        held.keepFillRatio();
        return !state.isReleasing();
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
    state.set(
        Reading.DUE_MILLIS,
        left > 0 ? System.currentTimeMillis() + left / 1_000_000 : Reading.UNKNOWN);
    return left;
  }

  /**
   * Waits while one more block would leave too little headroom. The plan does not make up for this
   * wait.
   */
  boolean forRoom() {
    while (goesOn() && !guard.hasRoom()) {
      rest(Long.MAX_VALUE);
      guard.explain(state.message.clear());
    }
    pace.start(ticker.nanoTime());
    return !state.isReleasing();
  }

  /**
   * Samples the live heap until the guard refuses no further block, for 200 ms at most: a
   * collection of the application shows the live heap. Returns false if the guard still refuses.
   */
  boolean showsRoom() {
    long start = ticker.nanoTime();
    while (guard.refusal() != null && ticker.nanoTime() - start < SAMPLED_NANOS && goesOn()) {
      rest(SAMPLE_NANOS);
    }
    return guard.refusal() == null;
  }

  /**
   * Waits until a worker is done with a block, or for a polling interval; not if no block is under
   * way. Returns false once the plan is releasing.
   */
  boolean forOrders() {
    ordered.watch();
    if (ordered.isBusy() && !ordered.isAnyDone()) {
      rest(Long.MAX_VALUE);
    }
    ordered.ignore();
    ordered.collect();
    return goesOn();
  }

  /** Withdraws the orders that no worker has begun, and waits until the other orders have ended. */
  boolean untilOrdersEnd() {
    ordered.withdrawAll();
    while (ordered.isBusy()) {
      if (!forOrders()) {
        return false;
      }
    }
    return !state.isReleasing();
  }

  /** Waits at most {@code nanos}. Releases blocks while usage is too high. */
  void rest(long nanos) {
    held.settle();
    commands.park(nanos);
    ordered.collect();
    while (!held.isEmpty() && guard.isTooMuch() && !state.isReleasing()) {
      if (guard.isForOthers()) {
        log.releasesForOthers(state);
      }
      held.releaseNewest();
      guard.released();
      commands.obey();
    }
    held.keepFillRatio();
  }

  /**
   * Waits while the plan is paused; called between any two steps. Returns false once the plan is
   * releasing.
   */
  boolean goesOn() {
    commands.obey();
    ordered.count();
    if (state.phase() == Phase.PAUSED) {
      state.set(Reading.DUE_MILLIS, Reading.UNKNOWN);
      long start = ticker.nanoTime();
      ordered.pause();
      whileIn(Phase.PAUSED);
      ordered.resume();
      pace.shift(ticker.nanoTime() - start);
    }
    return !state.isReleasing();
  }
}
