package io.allocmem.allocator;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.Effect;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.EffectReadings;
import io.allocmem.readings.ProcessReadings;
import io.allocmem.readings.StallProbe;
import java.io.IOException;

/**
 * Readings of what the pressure costs the JVM, for the state of a plan, and the stop conditions of
 * the plan. Only the plan's thread uses an instance. Allocates nothing after {@link #open}.
 */
final class EffectPoll {
  /** Reads of figures that the probe of stalls changes meanwhile. */
  private static final int READS = 3;

  private static final long NANOS_OF_MILLI = 1_000_000;

  private final boolean stalls;
  private final PlanState state;
  private final ProcessReadings process;
  private final EffectReadings effect;
  private final StopRules rules;

  /** Null for a plan without a target by effect. */
  private final EffectGoal goal;

  EffectPoll(HoldPlan plan, PlanState state, ProcessReadings process, EffectGoal goal) {
    this.goal = goal;
    this.stalls = plan.measuresStalls();
    this.state = state;
    this.process = process;
    this.effect = process.effect();
    this.rules = new StopRules(plan);
    state.set(Reading.STOPPED, 0);
  }

  /** Starts the probe of stalls, if the plan wants one. */
  void open() {
    rules.warmUp();
    if (stalls) {
      effect.measureStalls();
    }
  }

  /** Begins the stalls of the whole time anew: a plan that waited has its first block now. */
  void restartStalls() {
    if (stalls) {
      effect.stalls().restart();
    }
  }

  /** Reads all figures, after the readings of the collections, and applies the stop conditions. */
  void read(long nanoTime) {
    long gc = state.get(Reading.GC_CPU_MILLIS);
    long inTime = gc == Reading.UNKNOWN ? gc : gc - process.lateGcCpuMillis();
    effect.read(nanoTime, inTime, state.get(Reading.PAUSE_MILLIS));
    state.set(Reading.CPU_MILLIS, effect.cpuMillis());
    state.set(Reading.GC_OF_PROCESS_1S, effect.gcOfProcess(1));
    state.set(Reading.GC_OF_PROCESS_10S, effect.gcOfProcess(10));
    state.set(Reading.GC_OF_PROCESSORS_1S, effect.gcOfProcessors(1));
    state.set(Reading.GC_OF_PROCESSORS_10S, effect.gcOfProcessors(10));
    state.set(Reading.PAUSE_1S, effect.pause(1));
    state.set(Reading.PAUSE_10S, effect.pause(10));
    state.set(Reading.PRESSURE_MILLIS, effect.pressureMillis());
    state.set(Reading.PRESSURE_1S, effect.pressure(1));
    state.set(Reading.PRESSURE_10S, effect.pressure(10));
    state.set(Reading.MAJOR_FAULTS, effect.majorFaults());
    state.set(Reading.THROTTLED_MILLIS, effect.throttledMillis());
    state.set(Reading.SWAP, effect.swap());
    if (stalls) {
      readStallsAtOnce(effect.stalls());
    }
    if (goal != null) {
      goal.update(nanoTime, part(inTime), whole(nanoTime));
    }
    rules.apply(state, nanoTime);
    if (rules.hasStopped() && state.phase() != Phase.FAILED) {
      rules.appendFinding(state.message.clear());
    }
  }

  private long part(long gcMillis) {
    Reading source = StopRules.sourceOf(goal.effect());
    return goal.effect() == Effect.GC ? gcMillis : state.get(source);
  }

  private long whole(long nanoTime) {
    return goal.effect() == Effect.GC ? effect.cpuMillis() : nanoTime / NANOS_OF_MILLI;
  }

  /**
   * Requires the figures of all stop conditions and of a target by effect, after the first read.
   *
   * @throws IOException with a sentence, if a condition could never hold here
   */
  void requireFigures() throws IOException {
    rules.requireFigures(state);
    if (goal != null) {
      Reading source = StopRules.sourceOf(goal.effect());
      if (state.get(source) == Reading.UNKNOWN) {
        throw new IOException(
            goal.words() + " has no meaning here: " + source.field() + " is not known");
      }
    }
  }

  /** Reads figures of the same moment: the probe may change the figures meanwhile. */
  private void readStallsAtOnce(StallProbe probe) {
    for (int attempt = 0; attempt < READS; attempt++) {
      int version = probe.version();
      if (version == 0) {
        return;
      }
      readStalls(probe);
      if (version % 2 == 0 && version == probe.version()) {
        return;
      }
    }
  }

  private void readStalls(StallProbe probe) {
    state.set(Reading.STALL_P50, probe.secondMedian());
    state.set(Reading.STALL_P99, probe.secondP99());
    state.set(Reading.STALL_P999, probe.secondP999());
    state.set(Reading.STALL_MAX, probe.secondMost());
    state.set(Reading.STALL_P50_IN_ALL, probe.allMedian());
    state.set(Reading.STALL_P99_IN_ALL, probe.allP99());
    state.set(Reading.STALL_P999_IN_ALL, probe.allP999());
    state.set(Reading.STALL_MAX_IN_ALL, probe.allMost());
  }
}
