package io.allocmem.allocator;

import io.allocmem.control.Phase;

/**
 * Follows a target by effect: takes and releases blocks as {@link EffectGoal} decides, from the
 * first block to the release. Only the plan's thread uses an instance. Allocates nothing but
 * blocks.
 */
final class Following {
  private final PlanState state;
  private final CommandPoll commands;
  private final Guard guard;
  private final EffectGoal goal;
  private final Filling filling;
  private final Turn turn;
  private final Pace pace;
  private final PlanLog log;
  private final Ticker ticker;
  private boolean isBegun;
  private long begun;
  private boolean reached;

  Following(
      PlanState state,
      CommandPoll commands,
      Guard guard,
      Filling filling,
      Turn turn,
      Pace pace,
      PlanLog log,
      Ticker ticker) {
    this.state = state;
    this.commands = commands;
    this.guard = guard;
    this.goal = guard.goal();
    this.filling = filling;
    this.turn = turn;
    this.pace = pace;
    this.log = log;
    this.ticker = ticker;
  }

  /**
   * Follows the target. Once the target was reached, a change of the load changes blocks, and not
   * the phase. Returns true if the plan goes on after a refusal by the area, false once the plan is
   * releasing.
   */
  boolean follow() {
    long now = ticker.nanoTime();
    begun = isBegun ? begun : now;
    isBegun = true;
    pace.start(now);
    while (turn.goesOn()) {
      boolean wants = goal.wantsMore();
      boolean blocked = wants && isBlocked();
      showPhase(blocked);
      if (!wants || blocked) {
        turn.rest(Long.MAX_VALUE);
      } else if (turn.untilDue()) {
        pace.advance();
        if (!filling.takeBlock()) {
          return turn.whileExhausted();
        }
      }
    }
    return false;
  }

  /** Returns true if headroom, the largest usage or the GC overhead limit permit no block. */
  private boolean isBlocked() {
    return guard.isFull() || !guard.hasRoom() || guard.refusal() != null;
  }

  private void showPhase(boolean blocked) {
    if (blocked && !goal.isOnTarget()) {
      explain();
      enter(Phase.GUARDED);
    } else if (reached || goal.isSettled()) {
      enter(Phase.HOLDING);
    } else {
      enter(Phase.ALLOCATING);
    }
  }

  private void enter(Phase phase) {
    if (phase == state.phase()) {
      return;
    }
    if (phase != Phase.GUARDED) {
      state.message.clear();
    }
    commands.enter(phase);
    if (phase == Phase.GUARDED) {
      log.guarded(state);
    } else if (phase == Phase.HOLDING && !reached) {
      reached = true;
      log.targetReached(state, ticker.nanoTime() - begun);
    }
  }

  private void explain() {
    if (guard.hasRoom()) {
      goal.explain(state.message.clear());
    } else {
      guard.explain(state.message.clear());
    }
  }
}
