package io.allocmem.plan;

import java.time.Duration;

/**
 * Rules for the combination of a plan's values. An IllegalArgumentException carries the broken
 * rule. Checked once, by the thread that makes the plan.
 */
final class PlanRules {
  /** Minimum block of one page: the kernel counts nothing smaller. */
  private static final ByteSize SMALLEST_BLOCK = ByteSize.parse("4k");

  /** Minimum lease: a launcher is sometimes late to renew the lease. */
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  private final HoldPlan.Draft draft;

  PlanRules(HoldPlan.Draft draft) {
    this.draft = draft;
  }

  void require() {
    requireBlock();
    requireEnd();
    requireOneDelay();
    requireTimes();
    requireLease();
  }

  private void requireBlock() {
    require(
        draft.blockSize.bytes() >= SMALLEST_BLOCK.bytes(),
        "a block is at least " + SMALLEST_BLOCK.toHuman() + ", one page");
    require(
        draft.blockSize.bytes() <= draft.area.largestBlock().bytes(),
        "one block in "
            + draft.area.toHuman()
            + " is at most "
            + draft.area.largestBlock().toHuman());
    require(
        draft.fill.isFull() || draft.area.canBeSparse(),
        "a fill ratio has no meaning for " + draft.area.toHuman() + ": all of a block is written");
  }

  private void requireEnd() {
    require(
        draft.limit != null || draft.until != null, "no amount given: set limit=2048 or until=85%");
    require(
        draft.limit == null || draft.until == null,
        "limit and until exclude each other: set one amount or one usage level");
    require(draft.until == null || !draft.until.isNone(), "until must be more than 0");
    require(!draft.keepFree.isAll(), "keep-free must be less than 100%");
    require(
        draft.limit == null
            || draft.limit.isShare()
            || draft.limit.isNone()
            || draft.limit.blocksOf(draft.blockSize) <= Long.MAX_VALUE / draft.blockSize.bytes(),
        "limit and block size together are over 8 EiB");
  }

  private void requireOneDelay() {
    int given = (draft.delay.isZero() ? 0 : 1) + (draft.rate == null ? 0 : 1);
    require(
        given + (draft.over == null ? 0 : 1) < 2,
        "delay, rate and over exclude each other: each sets the time between two blocks");
    boolean limited = draft.limit != null && !draft.limit.isNone();
    require(
        draft.over == null || limited,
        "over needs a limit above 0: over is the time to that limit; with until, give a rate");
    require(
        draft.over == null || draft.limit.isShare() || draft.limit.blocksOf(draft.blockSize) > 1,
        "over needs two blocks or more: one block of "
            + draft.blockSize.toHuman()
            + " reaches the limit at once");
  }

  private boolean hasDelay() {
    return !draft.delay.isZero() || draft.rate != null || draft.over != null;
  }

  private void requireTimes() {
    require(
        !draft.breakFirst || draft.wait.isZero(),
        "break and wait exclude each other: a plan waits for a resume or for a time");
    boolean ends = draft.limit != null && !draft.limit.isNone();
    require(
        draft.then == AtLimit.HOLD || ends,
        "then=" + draft.then + " needs a limit above 0: then is the action at the limit");
    require(
        draft.hold == null || draft.then.hasHold(),
        "hold has no effect with then="
            + draft.then
            + ": hold is the time before a release, cycle or ramp-down");
    require(
        draft.then != AtLimit.ROTATE || hasDelay(),
        "then=rotate needs a delay: the plan replaces one block per delay");
    require(
        draft.then != AtLimit.CYCLE || hasDelay() || draft.hold == null || !draft.hold.isZero(),
        "then=cycle needs a delay or a hold: without both, the cycle never pauses");
  }

  private void requireLease() {
    require(
        draft.lease.isZero() || draft.lease.compareTo(SHORTEST_LEASE) >= 0,
        "a lease is at least 1s: a renewal may be late");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
