package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.HoldPlan;

/**
 * Time of a plan at its target: sums the time since the plan is full, and the part of this time
 * within 1 % of the target, or within two points of a target by effect. Keeps the largest deviation
 * in bytes. A release, a ramp-down and the refill of a cycle do not count. One thread. Allocates
 * nothing.
 */
final class TargetTime {
  /** Tolerance as a share of the target. */
  private static final int TOLERANCE_SHARE = 100;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PlanState state;
  private final Guard guard;

  /** Null for a plan without a target by effect. */
  private final EffectGoal goal;

  private final Ticker ticker;
  private final boolean follows;
  private final boolean cycles;
  private boolean counting;
  private long committedWhenFull;
  private long measuredAt;
  private boolean onTarget;
  private long nanos;
  private long nanosOnTarget;
  private long largest;

  TargetTime(HoldPlan plan, PlanState state, Guard guard, Ticker ticker) {
    this.goal = guard.goal();
    this.state = state;
    this.guard = guard;
    this.ticker = ticker;
    this.follows = plan.until() != null;
    this.cycles = plan.then() == AtLimit.CYCLE;
  }

  /** Executes the measurement once while the heap has room, and forgets the values. */
  void warmUp() {
    measure();
    count();
    nanos = 0;
    nanosOnTarget = 0;
    largest = 0;
    state.set(Reading.TARGET, Reading.UNKNOWN);
    state.set(Reading.TARGET_MILLIS, Reading.UNKNOWN);
    state.set(Reading.ON_TARGET_MILLIS, Reading.UNKNOWN);
    state.set(Reading.LARGEST_DEVIATION, Reading.UNKNOWN);
  }

  /** Counts the time since the last call, and measures the deviation now. */
  void update() {
    if (counting) {
      count();
    }
    if (isLeaving()) {
      counting = false;
    } else if (!counting && state.phase() == Phase.HOLDING) {
      counting = true;
      committedWhenFull = state.get(Reading.COMMITTED);
    }
    if (counting) {
      measure();
    }
  }

  /** Counts the time since the last call, and ends the count: the release of all blocks follows. */
  void end() {
    if (counting) {
      count();
      counting = false;
    }
  }

  /** Returns true if the plan releases blocks because of its own rule or of a command. */
  private boolean isLeaving() {
    Phase phase = state.phase();
    return state.isReleasing()
        || phase.isOver()
        || phase == Phase.RAMPING_DOWN
        || cycles && phase == Phase.ALLOCATING;
  }

  private void count() {
    long passed = ticker.nanoTime() - measuredAt;
    nanos += passed;
    nanosOnTarget += onTarget ? passed : 0;
    state.set(Reading.TARGET_MILLIS, nanos / NANOS_PER_MILLI);
    state.set(Reading.ON_TARGET_MILLIS, nanosOnTarget / NANOS_PER_MILLI);
  }

  private void measure() {
    if (goal == null) {
      measureBytes();
    } else {
      measuredAt = ticker.nanoTime();
      onTarget = goal.isOnTarget();
    }
  }

  private void measureBytes() {
    long target = follows ? guard.target() : committedWhenFull;
    long deviation =
        follows ? guard.deviation() : Math.abs(state.get(Reading.COMMITTED) - committedWhenFull);
    measuredAt = ticker.nanoTime();
    onTarget = deviation <= target / TOLERANCE_SHARE;
    largest = Math.max(largest, deviation);
    state.set(Reading.TARGET, target);
    state.set(Reading.LARGEST_DEVIATION, largest);
  }
}
