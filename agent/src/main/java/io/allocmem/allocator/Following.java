package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;

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
  private final Caveat caveat;
  private final PlanLog log;
  private final Ticker ticker;
  private long begun;
  private boolean reached;

  /** True if the last block that the goal wanted had no room. */
  private boolean blocked;

  Following(
      PlanState state,
      CommandPoll commands,
      Guard guard,
      Filling filling,
      Turn turn,
      Pace pace,
      Caveat caveat,
      PlanLog log,
      Ticker ticker) {
    this.state = state;
    this.commands = commands;
    this.guard = guard;
    this.goal = guard.goal();
    this.filling = filling;
    this.turn = turn;
    this.pace = pace;
    this.caveat = caveat;
    this.log = log;
    this.ticker = ticker;
  }

  /**
   * Follows the target until the plan is releasing. Once the target was reached, a change of the
   * load changes blocks, and not the phase.
   */
  void untilRelease() {
    begun = ticker.nanoTime();
    pace.start(begun);
    while (turn.goesOn()) {
      boolean wants = goal.wantsMore();
      if (wants || blocked) {
        blocked = isBlocked();
      }
      showPhase();
      if (!wants) {
        turn.rest(Long.MAX_VALUE);
      } else if (blocked) {
        goal.refused();
      } else if (turn.untilDue()) {
        pace.advance();
        if (!filling.takeBlock()) {
          whileExhausted();
        }
      }
    }
  }

  /**
   * Waits after a refusal by the area until a resume, until the plan has released blocks, until the
   * usage has fallen enough, or until the target is reached with the blocks that are held.
   */
  private void whileExhausted() {
    long blocks = state.get(Reading.BLOCKS);
    long refusedAt = guard.used();
    while (state.staysIn(Phase.EXHAUSTED)
        && state.get(Reading.BLOCKS) >= blocks
        && !guard.hasFallenBelow(refusedAt)
        && !goal.isSettled()) {
      goal.refused();
      turn.rest(Long.MAX_VALUE);
    }
  }

  /** Returns true if headroom, the largest usage or the GC overhead limit permit no block. */
  private boolean isBlocked() {
    return guard.isFull() || !guard.hasRoom() || guard.refusal() != null;
  }

  private void showPhase() {
    if (blocked && goal.isBelow()) {
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
      state.message.clear().append(caveat.sentence);
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
      guard.explainEffect(state.message.clear());
    } else {
      guard.explain(state.message.clear());
    }
  }
}
