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

  private final PlanDraft draft;
  private final Wording words;

  PlanRules(PlanDraft draft) {
    this.draft = draft;
    this.words = draft.wording;
  }

  void require() {
    requireBlock();
    requireThreads();
    requirePages();
    requireEnd();
    requireEffect();
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

  private void requireThreads() {
    require(
        draft.threads.isOne() || draft.area.hasThreads(),
        words.option("t")
            + " is 1 in "
            + draft.area.toHuman()
            + ": several threads take no memory faster there");
  }

  private void requirePages() {
    StringBuilder areas = new StringBuilder();
    for (AreaKind area : AreaKind.values()) {
      if (area.has(draft.pages)) {
        areas.append(areas.length() == 0 ? "" : ", ").append(words.option("a", area));
      }
    }
    require(
        draft.area.has(draft.pages),
        words.option("pages", draft.pages)
            + " is not for "
            + draft.area.toHuman()
            + ": give "
            + areas);
  }

  private void requireEnd() {
    require(
        draft.limit != null || draft.until != null,
        "how much? "
            + words.option("x", "512m")
            + ", "
            + words.option("x", "50%")
            + " or "
            + words.option("until", "85%"));
    require(
        draft.limit == null || draft.until == null,
        words.option("x")
            + " and "
            + words.option("until")
            + " exclude each other: set one amount or one usage level");
    require(
        draft.until == null || !draft.until.isNone(),
        words.option("until") + " must be more than 0");
    require(!draft.keepFree.isAll(), words.option("keep-free") + " must be less than 100%");
    requireMeasuredReserve();
    require(
        draft.limit == null
            || draft.limit.isShare()
            || draft.limit.isNone()
            || draft.limit.blocksOf(draft.blockSize) <= Long.MAX_VALUE / draft.blockSize.bytes(),
        "limit and block size together are over 8 EiB");
  }

  private void requireEffect() {
    EffectTarget target = draft.effectTarget();
    if (target == null) {
      return;
    }
    String until = words.option("until", target);
    boolean outside =
        draft.area == AreaKind.NATIVE
            || draft.area == AreaKind.DIRECT
            || draft.area == AreaKind.MAPPED;
    require(
        target.isOfHeap() ? draft.area.isOnHeap() : outside,
        target.isOfHeap()
            ? until + " needs blocks on the heap: " + words.option("a", AreaKind.HEAP)
            : until + " needs blocks outside the heap: " + words.option("a", AreaKind.NATIVE));
    require(
        draft.threads.isOne(),
        until + " needs " + words.option("t", Threads.ONE) + ": the plan takes few blocks at once");
  }

  private void requireMeasuredReserve() {
    require(
        draft.reserve.isNone() || draft.until != null || !draft.keepFree.isNone(),
        words.option("reserve")
            + " needs "
            + words.option("keep-free")
            + " or "
            + words.option("until")
            + ": another plan measures no usage");
  }

  private void requireOneDelay() {
    int given = (draft.delay.isZero() ? 0 : 1) + (draft.rate == null ? 0 : 1);
    require(
        given + (draft.over == null ? 0 : 1) < 2,
        words.option("e")
            + ", "
            + words.option("rate")
            + " and "
            + words.option("over")
            + " exclude each other: each sets the time between two blocks");
    boolean limited = draft.limit != null && !draft.limit.isNone();
    require(
        draft.over == null || limited,
        words.option("over")
            + " needs a limit above 0: the time to that limit; with "
            + words.option("until")
            + ", give "
            + words.option("rate", "10m/s"));
    require(
        draft.over == null || draft.limit.isShare() || draft.limit.blocksOf(draft.blockSize) > 1,
        words.option("over")
            + " needs two blocks or more: one block of "
            + draft.blockSize.toHuman()
            + " reaches the limit at once");
  }

  private boolean hasDelay() {
    return !draft.delay.isZero() || draft.rate != null || draft.over != null;
  }

  private void requireTimes() {
    require(
        !draft.breakFirst || draft.wait.isZero(),
        words.option("b")
            + " and "
            + words.option("w")
            + " exclude each other: a plan waits for a resume or for a time");
    requireActionAtLimit();
  }

  private void requireActionAtLimit() {
    boolean ends = draft.limit != null && !draft.limit.isNone();
    String then = words.option("then", draft.then);
    require(
        draft.then == AtLimit.HOLD || ends,
        then
            + " needs a limit above 0 ("
            + words.option("x")
            + "): the action follows at the limit");
    require(
        draft.hold == null || draft.then.hasHold(),
        words.option("hold-time")
            + " has no effect with "
            + then
            + ": the time is before a release, cycle or ramp-down");
    requirePauses(then);
  }

  private void requirePauses(String then) {
    require(
        draft.then != AtLimit.ROTATE || hasDelay(),
        then + " needs a delay (" + words.option("e") + "): the plan replaces one block per delay");
    require(
        draft.then != AtLimit.CYCLE || hasDelay() || draft.hold == null || !draft.hold.isZero(),
        then
            + " needs a delay ("
            + words.option("e")
            + ") or a "
            + words.option("hold-time")
            + ": without both, the cycle never pauses");
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
