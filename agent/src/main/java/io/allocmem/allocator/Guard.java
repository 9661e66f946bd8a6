package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.ProcessReadings;
import java.util.function.BooleanSupplier;

/**
 * Guard of limit, target utilisation and headroom. A plan with a limit compares the limit with the
 * held blocks. Target utilisation ({@code until}) and headroom are measured. On the heap, the live
 * bytes count. Elsewhere, the usage of the area, the container or the machine counts. One thread.
 * Allocates nothing, except in {@link ErrorMargin} and where there is room.
 *
 * <p>Usage after a collection is known within bounds: a released block stays used until a
 * collection frees the block. The upper bound applies before an allocation, the lower bound before
 * a release. A release therefore shows at once, and is not repeated until the measurement changes.
 */
final class Guard {
  /**
   * Share of the remaining capacity that raises the target utilisation on the heap. Live bytes
   * include garbage that the last collection left, but are never below the true value.
   */
  private static final int GARBAGE_SHARE = 16;

  /** Fall of usage before a refused plan tries again, as a share of the capacity. */
  private static final int FALLEN_SHARE = 32;

  private final HoldPlan plan;
  private final HeapReadings heap;
  private final PlanState state;
  private final Usage usage;
  private final boolean heapKind;
  private final boolean classKind;
  private final String accept;
  private final long blockBytes;
  private final long effect;

  /** True if the usage includes a block as soon as the block is allocated. */
  private final boolean countsCommitted;

  private final ErrorMargin margin;
  private final OverheadFloor floor;

  /** Null for a plan that keeps no headroom: measuring reads files. */
  private final Headroom headroom;

  /** Decides about the number of blocks; null for a plan without a target by effect. */
  private final EffectGoal goal;

  /** Number of class-unloading collections at the last release of a block. */
  private long collectionsAtRelease = Long.MIN_VALUE;

  /** Usage at the last release of a block. */
  private long usedAtRelease;

  /**
   * @param fatal returns true if an OutOfMemoryError would now end this JVM or make the JVM write a
   *     dump
   */
  Guard(
      HoldPlan plan,
      MemoryArea area,
      ProcessReadings process,
      PlanState state,
      BooleanSupplier fatal,
      Ticker ticker) {
    this.plan = plan;
    this.accept = plan.wording().option("oom", "allow"); // now, while there is room
    this.heap = process.heap();
    this.state = state;
    this.heapKind = plan.area().isOnHeap();
    this.usage = new Usage(plan, area, process, state);
    this.classKind = plan.area() == AreaKind.METASPACE;
    long block = plan.blockSize().bytes();
    long taken = usage.takenBy(block);
    this.blockBytes = block;
    this.countsCommitted = heapKind || usage.hasOwnLimit();
    this.effect = countsCommitted ? taken : plan.touchedPerBlock().bytes();
    this.margin = new ErrorMargin(plan, area, heap, fatal, taken, ticker);
    this.floor = new OverheadFloor(plan, heap, usage);
    boolean keepsFree = !plan.keepFree().isNone() || !plan.reserve().isNone();
    this.headroom = keepsFree ? new Headroom(plan, area, process, usage) : null;
    boolean byEffect = plan.effectTarget() != null;
    this.goal = byEffect ? new EffectGoal(plan, usage, heap, state) : null;
  }

  /**
   * Returns the usage where a plan with a target utilisation stops. Each limit can change while the
   * plan runs.
   */
  long target() {
    long capacity = usage.capacity();
    long wanted = plan.until().bytesOf(capacity);
    return heapKind ? wanted + (capacity - wanted) / GARBAGE_SHARE : wanted;
  }

  /**
   * Returns the difference between usage and target of a plan with a target utilisation, in bytes.
   * Usage is known within bounds: zero if the target lies between the bounds.
   */
  long deviation() {
    long target = target();
    long above = usage.steady() - target;
    return above > 0 ? above : Math.max(0, target - usage.atMost());
  }

  /**
   * Returns the bytes of blocks that other threads take, and that the usage may not include yet.
   */
  private long pending() {
    int blocks = state.ordered() + (countsCommitted ? 0 : state.underWay());
    return blocks * effect;
  }

  /** Returns true if usage can end the filling: others may change usage at any time. */
  boolean isMeasuring() {
    return headroom != null || plan.until() != null || margin.isFatal() || floor.isClose();
  }

  /** Returns the controller of a target by effect; null for a plan without. */
  EffectGoal goal() {
    return goal;
  }

  /** Returns true if no further block is wanted. */
  boolean isReached() {
    return goal != null && !goal.wantsMore() || isFull();
  }

  /** Returns true if limit or target utilisation permit no further block. */
  boolean isFull() {
    return plan.until() == null
        ? plan.limit().isReachedBy(state.get(Reading.COMMITTED) + state.ordered() * blockBytes)
        : usage.atMost() + effect + pending() > target();
  }

  /** Returns true if one more block leaves enough headroom. */
  boolean hasRoom() {
    return isFree(usage.atMost(), effect + pending(), 1.0) && !isNearError();
  }

  /**
   * Returns true if a block in place of a released block leaves enough headroom. Usage is the lower
   * bound, slack is half: no other user took the released memory.
   */
  boolean hasRoomAgain() {
    return isFree(usage.atLeast(), effect, 0.5) && !isNearError();
  }

  /** Returns the reason why one more block would come near the GC overhead limit, or null. */
  String refusal() {
    return floor.refusal(effect + pending());
  }

  void collect() {
    floor.collect();
  }

  /** Returns true if one more block could end in a fatal OutOfMemoryError. */
  boolean isNearError() {
    return margin.isNear(state.ordered());
  }

  /**
   * Returns true if usage has fallen enough since a refusal for another attempt.
   *
   * @param refusedAt usage at the refusal
   */
  boolean hasFallenBelow(long refusedAt) {
    return usage.atMost() < refusedAt - usage.capacity() / FALLEN_SHARE;
  }

  /**
   * Returns true if live bytes may exceed the estimate, by allocations since the last collection.
   * One block per polling interval then leaves time for the application's next collection, which
   * updates the estimate.
   */
  boolean isUnsure() {
    return plan.until() != null && heapKind && heap.isUsed(target() - effect - pending());
  }

  /** Returns true if usage, and not a target by effect, asks for the release of a block. */
  boolean isForOthers() {
    return goal == null || !goal.wantsLess();
  }

  /** Returns true if the plan must release a held block. */
  boolean isTooMuch() {
    return goal != null && goal.wantsLess()
        || !isUnmeasured()
            && (!isFree(usage.atLeast(), 0, 0.5)
                || plan.until() != null && usage.steady() > target() + effect / 2
                || margin.haveOthersComeNear(usage.held()));
  }

  /**
   * Returns true if the last release is not measurable yet: classes stay until a collection unloads
   * them.
   */
  private boolean isUnmeasured() {
    return classKind
        && heap.wholeCollections() == collectionsAtRelease
        && usage.atMost() > usedAtRelease - effect / 2;
  }

  /** Records the release of a block because of excess usage. */
  void released() {
    collectionsAtRelease = heap.wholeCollections();
    usedAtRelease = usage.atMost();
  }

  private boolean isFree(long used, long more, double slacks) {
    return headroom == null || headroom.isFree(used, more, slacks);
  }

  /** Returns the usage before an allocation, in bytes: upper bound. */
  long used() {
    return usage.atMost();
  }

  /** Appends the reason for a wait, for people. */
  void explain(AsciiLine line) {
    if (isFree(usage.atMost(), effect, 1.0)) {
      explainError(line);
    } else {
      headroom.explain(line, effect);
    }
  }

  /**
   * Warms up all messages while the heap has room: a literal becomes an object at its first use.
   */
  void warmUp(AsciiLine line) {
    explainError(line);
    if (headroom != null) {
      headroom.warmUp(line);
    }
    if (goal != null) {
      explainEffect(line);
    }
    hasRoom();
    refusal();
    isTooMuch();
  }

  /** Appends why a plan takes no further block below its target by effect, for people. */
  void explainEffect(AsciiLine line) {
    long measured = Math.max(0, state.get(Reading.EFFECT_MEASURED));
    String refusal = refusal();
    String free = " must stay free"; // a literal becomes an object here, in either case
    line.append(goal.words()).append(": measured ").append(measured / 10).append('.');
    line.append(measured % 10).append(" %, and no further block: ");
    if (refusal == null) {
      long capacity = usage.capacity();
      line.appendSize(capacity - plan.until().bytesOf(capacity)).append(free);
    } else {
      line.append(refusal);
    }
  }

  private void explainError(AsciiLine line) {
    line.append("one more block could end in an OutOfMemoryError, which is fatal in this JVM");
    line.append("; use smaller blocks, or accept the risk with ").append(accept);
  }
}
