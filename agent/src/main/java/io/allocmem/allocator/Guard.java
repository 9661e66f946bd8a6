package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Counters;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.ProcessReadings;
import java.util.function.BooleanSupplier;

/**
 * Says how much is enough, and what must stay free. A plan with a limit is compared with what it
 * holds. One that follows usage ({@code until}), and what is to be kept free, are measured: on the
 * heap by what is live, elsewhere by what the area, the container or the machine counts. One
 * thread; allocates nothing, but for {@link ErrorMargin} and where there is room.
 *
 * <p>What a collection left is known within bounds: a block that went back stays used until one
 * frees it. Blocks are taken by the upper bound and go back by the lower one, so that giving back
 * shows at once, and is not repeated until there is news.
 */
final class Guard {
  /** Beyond what is kept free: what others may take between two looks, of a capacity. */
  private static final int SLACK_SHARE = 128;

  /**
   * On the heap a plan that follows usage aims higher, by this part of what would be left: what
   * counts as live holds garbage that the last collection left, never less than what is live.
   */
  private static final int GARBAGE_SHARE = 16;

  /** So much of the capacity must be given back by others before a refused plan tries again. */
  private static final int FALLEN_SHARE = 32;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final HeapReadings heap;
  private final ContainerReadings container;
  private final Counters counters;
  private final boolean heapKind;
  private final boolean areaKind;
  private final boolean classKind;
  private final String nothing = String.valueOf("");
  private final long effect;
  private final ErrorMargin margin;

  /** How many collections that unload classes there had been when a block went back last. */
  private long gaveBackAt = Long.MIN_VALUE;

  /** What was used then. */
  private long usedAtGiveBack;

  /**
   * @param fatal whether an OutOfMemoryError would end this JVM now, or make it write a dump
   */
  Guard(
      HoldPlan plan,
      MemoryArea area,
      ProcessReadings process,
      Counters counters,
      BooleanSupplier fatal,
      Ticker ticker) {
    this.plan = plan;
    this.area = area;
    this.heap = process.heap();
    this.container = process.container();
    this.counters = counters;
    this.heapKind = plan.area().isOnHeap();
    this.areaKind = !heapKind && area.capacity() != Reading.UNKNOWN;
    this.classKind = plan.area() == AreaKind.METASPACE;
    long block = plan.blockSize().bytes();
    boolean arrays = plan.area() == AreaKind.HEAP;
    long taken = arrays ? heap.regions().takenBy(block) : block;
    this.effect = heapKind || areaKind ? taken : plan.fill().of(plan.blockSize()).bytes();
    this.margin = new ErrorMargin(plan, area, heap, fatal, taken, ticker);
  }

  /** Where a plan that follows usage stops: each limit can move while it runs. */
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

  /** The most that a plan's area can give, in bytes: its own limit, or the container's. */
  static long capacity(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    if (plan.area().isOnHeap()) {
      return process.heap().max();
    }
    boolean own = area.capacity() != Reading.UNKNOWN;
    return own ? area.capacity() : process.container().capacity();
  }

  /**
   * What is used of that already, in bytes; on the heap what collections left so far, since garbage
   * can still be had. Allocates.
   */
  static long used(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    if (plan.area().isOnHeap()) {
      return process.heap().usedAfterCollections();
    }
    boolean own = area.capacity() != Reading.UNKNOWN;
    return own ? area.used() : process.container().used();
  }

  /** Whether no further block is wanted. */
  boolean isReached() {
    return plan.until() == null
        ? plan.limit().isReachedBy(counters.get(Reading.COMMITTED))
        : used() + effect > target();
  }

  /** Whether one more block leaves free what must stay free. */
  boolean hasRoom() {
    return isFree(used(), effect, 1.0) && !isNearError();
  }

  /** The same for a block in place of one that has just gone back, which others did not get. */
  boolean hasRoomAgain() {
    return isFree(usedAtLeast(), effect, 0.5) && !isNearError();
  }

  /** Whether one more block could end in a fatal OutOfMemoryError. */
  boolean isNearError() {
    return margin.isNear();
  }

  /** Whether a plan that follows usage may try again, after a refusal at that usage. */
  boolean hasFallenBelow(long refusedAt) {
    return used() < refusedAt - capacity() / FALLEN_SHARE;
  }

  /**
   * Whether what is live may be more than it seems: what was allocated since the last collection.
   * Blocks then come one a look, so that the others' next collection can tell.
   */
  boolean isUnsure() {
    return plan.until() != null && heapKind && heap.isUsed(target() - effect);
  }

  /** Whether a held block must go back. */
  boolean isTooMuch() {
    return !isUnmeasured()
        && (!isFree(usedAtLeast(), 0, 0.5)
            || plan.until() != null && usedSteadily() > target() + effect / 2
            || margin.haveOthersComeNear(held()));
  }

  /** Whether it does not show yet that a block went back: classes are there until unloaded. */
  private boolean isUnmeasured() {
    return classKind
        && heap.wholeCollections() == gaveBackAt
        && used() > usedAtGiveBack - effect / 2;
  }

  /** A block went back because it was too much. */
  void gaveBack() {
    gaveBackAt = heap.wholeCollections();
    usedAtGiveBack = used();
  }

  /**
   * @param slacks with how much of the slack: all of it before a block is taken, half of it once it
   *     is held, so that the one does not follow the other at once
   */
  private boolean isFree(long used, long more, double slacks) {
    if (plan.keepFree().isNone()) {
      return true;
    }
    // what the next collection may move goes to pages that are not in RAM yet
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

  /** What a plan that follows usage goes by before it takes a block, in bytes. */
  long used() {
    if (heapKind) {
      long live = heap.live(held());
      return live == Reading.UNKNOWN ? heap.used() : live;
    }
    long used = areaKind ? area.used() : containerUsed();
    return classKind ? Math.max(used, (long) (capacity() * area.nearestShare())) : used;
  }

  /** The same before it gives one back. */
  private long usedAtLeast() {
    return heapKind ? heap.liveAtLeast(held()) : used();
  }

  /** The same for a plan that follows usage, and need not hurry. */
  private long usedSteadily() {
    return heapKind ? heap.liveSteadily(held()) : used();
  }

  /** What the plan takes of the heap. */
  private long held() {
    return counters.get(Reading.COMMITTED) + counters.get(Reading.REGION_WASTE);
  }

  /** Page cache can be taken back by the kernel, and counts only if it is what we take. */
  private boolean countsCache() {
    return plan.area() == AreaKind.MAPPED;
  }

  private long containerUsed() {
    return countsCache() ? container.usedWithCache() : container.used();
  }

  /** Says why there is no room, for people. */
  void explain(AsciiLine line) {
    if (isFree(used(), effect, 1.0)) {
      explainError(line);
    } else {
      explainKeepFree(line);
    }
  }

  /**
   * Says all of it, once, while the heap has room: a literal becomes an object at its first use.
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
    line.append("; smaller blocks come nearer, oom=allow risks it");
  }

  private void explainKeepFree(AsciiLine line) {
    if (classKind) {
      line.append("keep-free: used are ").append((long) (100 * area.nearestShare()));
      line.append(" % of ").append(area.nearestLimit()).append("; free are ");
    } else {
      line.append("keep-free: free are ").appendSize(Math.max(0, capacity() - used()));
      line.append(" of ").appendSize(capacity()).append(" in the area, ");
    }
    line.appendSize(Math.max(0, container.room(countsCache()))).append(" of ");
    line.appendSize(container.capacity()).append(" in the container");
    String problem = container.problem();
    if (problem != null) {
      explainProblem(line, problem);
    }
  }

  private static void explainProblem(AsciiLine line, String problem) {
    line.append(", whose limit cannot be read: ").append(problem);
  }
}
