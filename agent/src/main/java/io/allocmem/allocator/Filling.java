package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.plan.HoldPlan;

/**
 * Takes blocks up to the limit, or until the area is exhausted. The plan's thread checks limit,
 * headroom and pace before each block, and then orders the block from a worker or takes the block.
 * Ordered blocks count in each check. Allocates nothing but blocks.
 */
final class Filling {
  private final PlanState state;
  private final CommandPoll commands;
  private final Guard guard;
  private final HeldBlocks held;
  private final OrderedBlocks ordered;
  private final Turn turn;
  private final Pace pace;
  private final Caveat caveat;
  private final PlanLog log;
  private final Ticker ticker;
  private final boolean isPaced;

  /** True if the plan's thread takes the next block: the thread has withdrawn an order. */
  private boolean isMine;

  /** True if one more block has room, and nothing was under way during a wait for room. */
  private boolean isRoomy;

  Filling(
      HoldPlan plan,
      PlanState state,
      CommandPoll commands,
      Guard guard,
      HeldBlocks held,
      OrderedBlocks ordered,
      Turn turn,
      Pace pace,
      Caveat caveat,
      PlanLog log,
      Ticker ticker) {
    this.state = state;
    this.commands = commands;
    this.guard = guard;
    this.held = held;
    this.ordered = ordered;
    this.turn = turn;
    this.pace = pace;
    this.caveat = caveat;
    this.log = log;
    this.ticker = ticker;
    this.isPaced = !plan.delay().isZero();
  }

  /**
   * Takes blocks up to the limit, or until the area is exhausted. Returns false once the plan is
   * releasing.
   */
  boolean fill() {
    state.message.clear().append(caveat.sentence);
    long start = ticker.nanoTime();
    pace.start(start);
    while (!isFull()) {
      if (!turn.untilDue() || !waitForRoom()) {
        return false;
      }
      if (isRoomy) {
        pace.advance();
        if (!take()) {
          return true;
        }
      }
    }
    held.settleFillRatio();
    long nanos = ticker.nanoTime() - start;
    held.settleHuge();
    commands.enter(Phase.HOLDING);
    log.limitReached(state, nanos);
    return true;
  }

  /**
   * Returns true if no block is wanted and none is under way. If the blocks under way may be
   * enough, the plan's thread takes a block that no worker has begun, or waits for a worker.
   */
  private boolean isFull() {
    while (guard.isReached()) {
      if (!ordered.isBusy()) {
        return true;
      }
      isMine = !isPaced && ordered.withdraw();
      if (isMine || !turn.forOrders()) {
        return false;
      }
    }
    return false;
  }

  /**
   * Waits while one more block would leave too little headroom. While blocks are under way, the
   * wait is for a worker: limit and headroom count then again. Returns false once the plan is
   * releasing.
   */
  private boolean waitForRoom() {
    isRoomy = guard.hasRoom();
    if (isRoomy) {
      return true;
    }
    if (ordered.isBusy()) {
      ordered.withdrawAll();
      return turn.forOrders();
    }
    isRoomy = true;
    return reportWaitForRoom();
  }

  private boolean reportWaitForRoom() {
    guard.explain(state.message.clear());
    commands.enter(Phase.GUARDED);
    log.guarded(state);
    boolean goOn = turn.forRoom();
    state.message.clear().append(caveat.sentence);
    commands.enter(Phase.ALLOCATING);
    return goOn;
  }

  /** Orders or takes one block. Returns false if the area is exhausted. */
  private boolean take() {
    if (ordered.refusal() != null) {
      return takeAlone();
    }
    if (!isMine && guard.refusal() == null && ordered.order(!guard.isMeasuring())) {
      return true;
    }
    ordered.collect();
    return takeBlock();
  }

  /**
   * Allocates and touches one block in the plan's thread. Returns false if the area is exhausted.
   */
  boolean takeBlock() {
    String refusal = refusalByGuard();
    return isTaken(refusal == null ? held.allocate() : refusal);
  }

  /**
   * Allocates and touches one block in the place of a released block: the guard has permitted that
   * block. Returns false if the area is exhausted.
   */
  boolean replaceBlock() {
    return isTaken(held.allocate());
  }

  private boolean isTaken(String refusal) {
    isMine = false;
    if (refusal != null) {
      return state.isReleasing() || refused(refusal);
    }
    touchNewest();
    held.keepNewest();
    return true;
  }

  /**
   * Touches the newest block. Commands come between two slices, not before the first slice: a
   * status therefore shows a block of one slice with all its figures, or not at all.
   */
  private void touchNewest() {
    if (held.isToTouch()) {
      held.touchSlice();
    }
    while (held.isToTouch() && turn.goesOn()) {
      held.touchSlice();
    }
  }

  /**
   * Returns the reason why the guard refuses a block, or null. Garbage counts as used until a
   * collection: the application's next collection, or else one of the plan. A refusal by the area
   * costs a collection as well.
   */
  private String refusalByGuard() {
    if (guard.refusal() != null && !ordered.isBusy() && !turn.showsRoom() && turn.goesOn()) {
      guard.collect();
    }
    return guard.refusal();
  }

  private boolean refused(String refusal) {
    if (ordered.isBusy()) {
      return takeAlone();
    }
    state.message.clear().append(refusal);
    held.settleFillRatio();
    held.settleHuge();
    commands.enter(Phase.EXHAUSTED);
    log.exhausted(state, refusal);
    return false;
  }

  /**
   * Takes one block while no worker takes another, after a refusal. The area is exhausted if it
   * refuses this block as well, as with a single thread.
   */
  private boolean takeAlone() {
    boolean goesOn = turn.untilOrdersEnd();
    ordered.forgetRefusal();
    return !goesOn || guard.isReached() || !guard.hasRoom() || takeBlock();
  }
}
