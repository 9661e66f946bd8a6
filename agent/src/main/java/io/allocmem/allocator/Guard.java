package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ContainerReadings;
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
   * Slack beyond the headroom, as a share of the capacity: usage that can arise between two
   * measurements.
   */
  private static final int SLACK_SHARE = 128;

  /**
   * Share of the remaining capacity that raises the target utilisation on the heap. Live bytes
   * include garbage that the last collection left, but are never below the true value.
   */
  private static final int GARBAGE_SHARE = 16;

  /** Fall of usage before a refused plan tries again, as a share of the capacity. */
  private static final int FALLEN_SHARE = 32;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final HeapReadings heap;
  private final ContainerReadings container;
  private final PlanState state;
  private final boolean heapKind;
  private final boolean areaKind;
  private final boolean classKind;
  private final String nothing = String.valueOf("");
  private final long effect;
  private final ErrorMargin margin;

  /** Number of class-unloading collections at the last release of a block. */
  private long gaveBackAt = Long.MIN_VALUE;

  /** Usage at the last release of a block. */
  private long usedAtGiveBack;

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
    this.area = area;
    this.heap = process.heap();
    this.container = process.container();
    this.state = state;
    this.heapKind = plan.area().isOnHeap();
    this.areaKind = !heapKind && area.capacity() != Reading.UNKNOWN;
    this.classKind = plan.area() == AreaKind.METASPACE;
    long block = plan.blockSize().bytes();
    boolean arrays = plan.area() == AreaKind.HEAP;
    long taken = arrays ? heap.regions().takenBy(block) : block;
    this.effect = heapKind || areaKind ? taken : plan.fill().of(plan.blockSize()).bytes();
    this.margin = new ErrorMargin(plan, area, heap, fatal, taken, ticker);
  }

  /**
   * Returns the usage where a plan with a target utilisation stops. Each limit can change while the
   * plan runs.
   */
  private long target() {
    long capacity = capacity();
    long wanted = plan.until().bytesOf(capacity);
    return heapKind ? wanted + (capacity - wanted) / GARBAGE_SHARE : wanted;
  }

  private long capacity() {
    if (heapKind) {
      return heap.max();
    }
    return areaKind ? area.capacity() : container.capacity();
  }

  /** Returns the capacity of a plan's area in bytes: the area's own limit, or the container's. */
  static long capacity(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    if (plan.area().isOnHeap()) {
      return process.heap().max();
    }
    boolean own = area.capacity() != Reading.UNKNOWN;
    return own ? area.capacity() : process.container().capacity();
  }

  /**
   * Returns the used bytes of the capacity. On the heap, returns the bytes that collections left so
   * far, since garbage can still be freed. Allocates.
   */
  static long used(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    if (plan.area().isOnHeap()) {
      return process.heap().usedAfterCollections();
    }
    boolean own = area.capacity() != Reading.UNKNOWN;
    return own ? area.used() : process.container().used();
  }

  /** Returns true if no further block is wanted. */
  boolean isReached() {
    return plan.until() == null
        ? plan.limit().isReachedBy(state.get(Reading.COMMITTED))
        : used() + effect > target();
  }

  /** Returns true if one more block leaves enough headroom. */
  boolean hasRoom() {
    return isFree(used(), effect, 1.0) && !isNearError();
  }

  /**
   * Returns true if a block in place of a released block leaves enough headroom. Usage is the lower
   * bound, slack is half: no other user took the released memory.
   */
  boolean hasRoomAgain() {
    return isFree(usedAtLeast(), effect, 0.5) && !isNearError();
  }

  /** Returns true if one more block could end in a fatal OutOfMemoryError. */
  boolean isNearError() {
    return margin.isNear();
  }

  /**
   * Returns true if usage has fallen enough since a refusal for another attempt.
   *
   * @param refusedAt usage at the refusal
   */
  boolean hasFallenBelow(long refusedAt) {
    return used() < refusedAt - capacity() / FALLEN_SHARE;
  }

  /**
   * Returns true if live bytes may exceed the estimate, by allocations since the last collection.
   * One block per polling interval then leaves time for the application's next collection, which
   * updates the estimate.
   */
  boolean isUnsure() {
    return plan.until() != null && heapKind && heap.isUsed(target() - effect);
  }

  /** Returns true if the plan must release a held block. */
  boolean isTooMuch() {
    return !isUnmeasured()
        && (!isFree(usedAtLeast(), 0, 0.5)
            || plan.until() != null && usedSteadily() > target() + effect / 2
            || margin.haveOthersComeNear(held()));
  }

  /**
   * Returns true if the last release is not measurable yet: classes stay until a collection unloads
   * them.
   */
  private boolean isUnmeasured() {
    return classKind
        && heap.wholeCollections() == gaveBackAt
        && used() > usedAtGiveBack - effect / 2;
  }

  /** Records the release of a block because of excess usage. */
  void gaveBack() {
    gaveBackAt = heap.wholeCollections();
    usedAtGiveBack = used();
  }

  /**
   * Returns true if enough headroom is free.
   *
   * @param slacks hysteresis: full slack before an allocation, half for held blocks
   */
  private boolean isFree(long used, long more, double slacks) {
    if (plan.keepFree().isNone()) {
      return true;
    }
    // the next collection may move objects to pages that are not resident yet
    long moved = more > 0 && heapKind ? heap.young() : 0;
    boolean inArea =
        !heapKind && !areaKind && !classKind
            || isKept(capacity(), capacity() - used - more, slacks);
    return inArea
        && isKept(container.capacity(), container.room(countsCache()) - more - moved, slacks);
  }

  private boolean isKept(long capacity, long room, double slacks) {
    return room >= plan.keepFree().bytesOf(capacity) + slacks * capacity / SLACK_SHARE;
  }

  /** Returns the usage in bytes before an allocation: upper bound. */
  long used() {
    if (heapKind) {
      long live = heap.live(held());
      return live == Reading.UNKNOWN ? heap.used() : live;
    }
    long used = areaKind ? area.used() : containerUsed();
    return classKind ? Math.max(used, (long) (capacity() * area.nearestShare())) : used;
  }

  /** Returns the usage in bytes before a release: lower bound. */
  private long usedAtLeast() {
    return heapKind ? heap.liveAtLeast(held()) : used();
  }

  /**
   * Returns the usage in bytes without short-term changes: a plan with a target utilisation need
   * not hurry.
   */
  private long usedSteadily() {
    return heapKind ? heap.liveSteadily(held()) : used();
  }

  /** Returns the bytes of the heap that the plan takes. */
  private long held() {
    return state.get(Reading.COMMITTED) + state.get(Reading.REGION_WASTE);
  }

  /**
   * Returns true if page cache counts as used. The kernel can reclaim page cache, so page cache
   * counts only if the plan itself takes page cache.
   */
  private boolean countsCache() {
    return plan.area() == AreaKind.MAPPED;
  }

  private long containerUsed() {
    return countsCache() ? container.usedWithCache() : container.used();
  }

  /** Appends the reason for a wait, for people. */
  void explain(AsciiLine line) {
    if (isFree(used(), effect, 1.0)) {
      explainError(line);
    } else {
      explainKeepFree(line);
    }
  }

  /**
   * Warms up all messages while the heap has room: a literal becomes an object at its first use.
   */
  void rehearse(AsciiLine line) {
    explainError(line);
    explainKeepFree(line);
    explainProblem(line, nothing);
    hasRoom();
    isTooMuch();
  }

  private static void explainError(AsciiLine line) {
    line.append("one more block could end in an OutOfMemoryError, which is fatal in this JVM");
    line.append("; use smaller blocks, or accept the risk with oom=allow");
  }

  private void explainKeepFree(AsciiLine line) {
    if (classKind) {
      line.append("keep-free: ").append((long) (100 * area.nearestShare()));
      line.append(" % of ").append(area.nearestLimit()).append(" used, ");
    } else {
      line.append("keep-free: ").appendSize(Math.max(0, capacity() - used()));
      line.append(" of ").appendSize(capacity()).append(" free in the area, ");
    }
    line.appendSize(Math.max(0, container.room(countsCache()))).append(" of ");
    line.appendSize(container.capacity()).append(" free in the container");
    String problem = container.problem();
    if (problem != null) {
      explainProblem(line, problem);
    }
  }

  private static void explainProblem(AsciiLine line, String problem) {
    line.append(", whose limit cannot be read: ").append(problem);
  }
}
