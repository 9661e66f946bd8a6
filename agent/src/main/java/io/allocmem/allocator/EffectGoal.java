package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.Effect;
import io.allocmem.plan.EffectTarget;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.HeapReadings;

/**
 * Controller of a plan with a target by effect: decides how many blocks the plan holds, so that
 * pressure costs the wanted share. One decision needs some collections, or a time; each begins a
 * new measurement. One thread. Allocates nothing after construction.
 */
class EffectGoal {
  /** Largest error that needs no decision, and counts as on target, in thousandths. */
  private static final long TOLERANCE = 20;

  /** Excess that needs a decision soon, in thousandths. */
  private static final long HIGH = 250;

  /** Share that needs a decision at once, in thousandths. */
  private static final long ALARM = 750;

  private static final long SECOND = 1_000_000_000;

  /** Time after which a measurement with few collections counts, far below the target. */
  private static final long FAR_NANOS = 3 * SECOND;

  /** Time without a step after which a small error shows that the target is found. */
  private static final long CALM_NANOS = 4 * SECOND;

  /** Time of a measurement of memory pressure: the kernel sorts its cache anew after a step. */
  private static final long RECLAIM_NANOS = 5 * SECOND;

  /** Longest time of a measurement. */
  private static final long LONGEST_NANOS = 10 * SECOND;

  /** Collections of a measurement far below the target: one may fall just inside or outside. */
  private static final long FEW = 3;

  /** Collections of a measurement, without a collection of the whole heap. */
  private static final long MANY = 30;

  /**
   * Collections of the whole heap in a measurement. The young collections between two of them cost
   * far less, so that a shorter time says nothing.
   */
  private static final long WHOLE_COLLECTIONS = 2;

  /** Least CPU time of a share, in milliseconds: the kernel counts steps of 10 ms. */
  private static final long LEAST_WHOLE = 100;

  /** Largest share, whose odds are still a number, in thousandths. */
  private static final long MOST_SHARE = 990;

  private final EffectTarget target;
  private final PlanState state;
  private final Usage usage;
  private final HeapReadings heap;
  private final long blockBytes;
  private final Reading window;
  private final String words;
  private final EffectStep step;

  /** Half of a small target: a share of 0 is never on target. */
  private final long tolerance;

  private long wanted;
  private boolean measuring;
  private long since;
  private long partBefore;
  private long wholeBefore;
  private long collectionsBefore;
  private long wholesBefore;
  private boolean near;
  private long blocks;

  /** True if blocks have come or gone, and the collection that moves the others is to come. */
  private boolean moves;

  /** Longest wait for the collection that moves blocks; 0 without such a wait. */
  private long moveNanos;

  private long steppedAt;

  EffectGoal(HoldPlan plan, Usage usage, HeapReadings heap, PlanState state) {
    this.heap = heap;
    this.target = plan.effectTarget();
    this.state = state;
    this.usage = usage;
    this.blockBytes = usage.takenBy(plan.blockSize().bytes());
    this.window = windowOf(target.effect());
    this.words = plan.wording().option("until", target);
    this.step = new EffectStep(target, usage);
    this.tolerance = Math.min(TOLERANCE, target.thousandths() / 2);
    state.set(Reading.EFFECT_TARGET, target.thousandths());
  }

  private static Reading windowOf(Effect effect) {
    if (effect == Effect.GC) {
      return Reading.GC_OF_PROCESS_10S;
    }
    return effect == Effect.PAUSE ? Reading.PAUSE_10S : Reading.PRESSURE_10S;
  }

  /** Returns the measured effect. */
  Effect effect() {
    return target.effect();
  }

  /** Returns the target as the option takes it, for messages. */
  String words() {
    return words;
  }

  /** Returns true if the plan is to take a further block. */
  boolean wantsMore() {
    return state.get(Reading.BLOCKS) < wanted;
  }

  /** Returns true if the plan is to release a block. */
  boolean wantsLess() {
    return state.get(Reading.BLOCKS) > wanted;
  }

  /**
   * Returns true if the share of the last ten seconds is within two points of the target, or within
   * half of a target below four points.
   */
  boolean isOnTarget() {
    long measured = state.get(window);
    return measured != Reading.UNKNOWN && Math.abs(measured - target.thousandths()) <= tolerance;
  }

  /** Returns true if the share of the last ten seconds is known, and lower than on target. */
  boolean isBelow() {
    long measured = state.get(window);
    return measured != Reading.UNKNOWN && measured < target.thousandths() - tolerance;
  }

  /** Gives up the blocks that the plan cannot take now, so that the measurement goes on. */
  void refused() {
    wanted = Math.min(wanted, state.get(Reading.BLOCKS));
  }

  /** Returns true if the plan has found its target: over ten seconds, and since the last step. */
  boolean isSettled() {
    return near && isOnTarget();
  }

  /**
   * Measures, and decides once the measurement is long enough.
   *
   * @param part counter of the effect in milliseconds
   * @param whole counter of CPU time or of wall-clock time in milliseconds
   */
  void update(long nanoTime, long part, long whole) {
    state.set(Reading.EFFECT_MEASURED, state.get(window));
    if (state.get(Reading.BLOCKS) != blocks) {
      blocks = state.get(Reading.BLOCKS);
      moves = true;
      measuring = false;
    }
    if (part == Reading.UNKNOWN || whole == Reading.UNKNOWN || !follows()) {
      measuring = false;
    } else if (isOverloaded(nanoTime)) {
      step(nanoTime, Math.min(MOST_SHARE, state.get(window)));
    } else if (wantsMore() || wantsLess()) {
      measuring = false;
      if (presses()) {
        refused();
      }
    } else if (!measuring) {
      begin(nanoTime, part, whole);
    } else {
      decide(nanoTime, part, whole);
    }
  }

  /** Returns true unless the plan waits or ends. */
  private boolean follows() {
    Phase phase = state.phase();
    return !state.isReleasing()
        && (phase == Phase.ALLOCATING
            || phase == Phase.HOLDING
            || phase == Phase.GUARDED
            || phase == Phase.EXHAUSTED);
  }

  /**
   * Returns true if ten seconds cost far too much, and no measurement comes to its end, as while
   * others take a block each second. The cost of the last step is older than these ten seconds.
   */
  private boolean isOverloaded(long nanoTime) {
    boolean tooMuch = state.get(window) > highest() && blocks > 0 && !wantsLess();
    return tooMuch && nanoTime - steppedAt >= 2 * LONGEST_NANOS;
  }

  /** Returns true if memory gets short in the middle of a step. */
  private boolean presses() {
    return !target.isOfHeap() && state.get(Reading.PRESSURE_1S) > highest();
  }

  private void begin(long nanoTime, long part, long whole) {
    measuring = true;
    since = nanoTime;
    partBefore = part;
    wholeBefore = whole;
    collectionsBefore = state.get(Reading.COLLECTIONS);
    wholesBefore = allWholeCollections();
  }

  private void decide(long nanoTime, long part, long whole) {
    long time = nanoTime - since;
    if (moves) {
      awaitMove(time, nanoTime, part, whole);
      return;
    }
    if (whole - wholeBefore < LEAST_WHOLE || time < SECOND) {
      measuring = time < LONGEST_NANOS; // an idle process has no share
      return;
    }
    long measured = Math.max(0, part - partBefore) * 1000 / (whole - wholeBefore);
    long share = Math.min(MOST_SHARE, measured);
    long error = share - target.thousandths();
    if (!isDue(time) && !isFarBelow(time, share) && !isFarAbove(time, share)) {
      return;
    }
    boolean small = Math.abs(error) <= 2 * tolerance;
    near = small && (near || time >= CALM_NANOS);
    moveNanos = target.isOfHeap() && wholeCollections() > 0 ? time : 0;
    if (Math.abs(error) > tolerance) {
      step(nanoTime, share);
    } else {
      measuring = time < LONGEST_NANOS; // the load may change
    }
  }

  /**
   * Begins the measurement after the first collection of the whole heap: this collection closes the
   * gaps of released blocks, or moves new blocks. Of 2 GiB in Parallel, it takes up to a second,
   * and the next ones 40 ms. That is the cost of the change, and as a measurement it would bring a
   * larger change. If the last measurement had such a collection, the next one comes within about
   * its time.
   */
  private void awaitMove(long time, long nanoTime, long part, long whole) {
    if (wholeCollections() > 0 || time >= moveNanos) {
      moves = false;
      begin(nanoTime, part, whole);
    }
  }

  private long wholeCollections() {
    return allWholeCollections() - wholesBefore;
  }

  /** Returns the number of collections of the whole heap since the JVM started. */
  long allWholeCollections() {
    return heap.wholeCollections();
  }

  private long collections() {
    return state.get(Reading.COLLECTIONS) - collectionsBefore;
  }

  /** Returns true after enough collections. A smaller gain has a longer time, against the noise. */
  private boolean isDue(long time) {
    if (!target.isOfHeap()) {
      return time >= RECLAIM_NANOS;
    }
    boolean enough = collections() >= MANY || wholeCollections() >= WHOLE_COLLECTIONS;
    return time >= (enough ? (long) (SECOND * (1 + 0.5 / step.gain())) : LONGEST_NANOS);
  }

  /** Returns true if this measurement and the last ten seconds are below half of the target. */
  private boolean isFarBelow(long time, long share) {
    long half = target.thousandths() / 2;
    long measured = state.get(window);
    boolean far = share < half && measured != Reading.UNKNOWN && measured < half;
    return far && (collections() >= FEW || time >= FAR_NANOS || !target.isOfHeap());
  }

  private boolean isFarAbove(long time, long share) {
    return share > (time < 2 * SECOND ? Math.max(ALARM, highest()) : highest());
  }

  /** Returns the share above which a decision is due soon. */
  private long highest() {
    return Math.min(MOST_SHARE - 1, target.thousandths() + HIGH);
  }

  private void step(long nanoTime, long share) {
    long less = step.bytesToFree(nanoTime, share, blocks * blockBytes) / blockBytes;
    wanted = Math.max(0, blocks - (less == 0 ? Long.signum(share - target.thousandths()) : less));
    steppedAt = nanoTime;
    measuring = false;
  }
}
