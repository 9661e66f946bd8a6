package io.allocmem.launcher.knee;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.load.LoadClient;
import io.allocmem.launcher.load.LoadWindow;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One step: brings the heap to a share, holds it, measures, and releases. */
final class Step {
  private static final long SAMPLE_MILLIS = 250;

  /** Time without a new block after which a plan that fills the heap is given up. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Time for which a plan that must keep memory free may wait for the application. */
  private static final long GUARDED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Time limit for a service that works off what the pressure left. */
  private static final long RECOVERY_SECONDS = 60;

  /** Collections after which the collector has adapted to the fuller heap. */
  private static final int COLLECTIONS = 2;

  private final KneeOptions options;
  private final PlanStarter starter;
  private final StopRequest stop;
  private final JvmEnd end;

  /** Null without a client. */
  private final LoadClient client;

  Step(KneeOptions options, PlanStarter starter, StopRequest stop, JvmEnd end, LoadClient client) {
    this.options = options;
    this.starter = starter;
    this.stop = stop;
    this.end = end;
    this.client = client;
  }

  /**
   * Measures without pressure. The collection after the step shows the live heap of the
   * application.
   */
  StepResult baseline() throws IOException, InterruptedException {
    HoldPlan meter = StepPlans.meter(options);
    try (HeldPlans held = new HeldPlans(options.pid(), end)) {
      held.start(meter, starter);
      StepResult result = measured(held, meter, null, 0);
      JvmSample collected = held.release();
      PlanSample over = collected.plan(meter.name());
      long live = over == null ? Reading.UNKNOWN : over.orUnknown(Reading.HEAP_LIVE);
      return live < 0 ? result : result.withLive(live);
    }
  }

  /**
   * Measures at a share of the heap.
   *
   * @param heapMax bytes
   */
  StepResult at(int share, long heapMax) throws IOException, InterruptedException {
    HoldPlan meter = StepPlans.meter(options);
    HoldPlan pressure = StepPlans.pressure(options, share, heapMax);
    try (HeldPlans held = new HeldPlans(options.pid(), end)) {
      held.start(meter, starter);
      held.start(pressure, starter);
      StepResult result = stoppable(held, meter, pressure, share);
      held.release();
      return result;
    }
  }

  /**
   * Waits until the service keeps its promise for a second without pressure: requests that wait
   * since the last step would count for the next step.
   *
   * @throws Failure if the service does not recover
   */
  void recover(int share) throws InterruptedException {
    if (client == null) {
      return;
    }
    String breach = null;
    client.skip();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS)) {
      stop.pause(TimeUnit.SECONDS.toMillis(1));
      Latencies answers = Latencies.of(client.window());
      if (answers.isKnown()) {
        breach = options.promise().breach(answers);
        if (breach == null) {
          return;
        }
      }
    }
    throw new Failure(
        "the service still breaks %s %d s after the release of %d %% (%s): repair or restart the service"
            .formatted(
                options.promise(),
                RECOVERY_SECONDS,
                share,
                breach == null ? "nothing was answered" : breach));
  }

  /** A stop condition of the plan is a breach that the agent has found. */
  private StepResult stoppable(HeldPlans held, HoldPlan meter, HoldPlan pressure, int share)
      throws IOException, InterruptedException {
    try {
      String refusal = fill(held, pressure);
      return refusal == null
          ? measured(held, meter, pressure, share)
          : StepResult.refused(share, refusal, new Measurement(held.look()).figures());
    } catch (Failure over) {
      if (over.exitCode() != ExitCode.STOPPED) {
        throw over;
      }
      return new StepResult(
          share,
          Outcome.STOPPED,
          over.getMessage(),
          StepResult.Figures.NONE,
          Latencies.NONE,
          client == null ? null : client.window(),
          null);
    }
  }

  /** Waits until the heap is held at the share; returns the reason of a refusal, or null. */
  private String fill(HeldPlans held, HoldPlan pressure) throws IOException, InterruptedException {
    long blocks = -1;
    long grownAt = System.nanoTime();
    PlanSample plan = held.require(pressure, held.look());
    while (!held.hasReached(plan)) {
      long now = System.nanoTime();
      if (plan.orUnknown(Reading.BLOCKS) > blocks) { // not for a plan that gives and takes
        blocks = plan.orUnknown(Reading.BLOCKS);
        grownAt = now;
      }
      String refusal = refusal(plan, now - grownAt);
      if (refusal != null) {
        return refusal;
      }
      stop.pause(SAMPLE_MILLIS);
      plan = held.require(pressure, held.look());
    }
    return null;
  }

  private String refusal(PlanSample plan, long nanosWithoutBlock) {
    boolean guarded = plan.phase().equals(Phase.GUARDED.name());
    if (plan.isExhausted() || guarded && nanosWithoutBlock > GUARDED_NANOS) {
      return plan.phase() + ": " + plan.message();
    }
    if (nanosWithoutBlock > STUCK_NANOS) {
      throw new Failure(
          ExitCode.SHORT,
          "plan %s has taken no block for %d s and is %s: the JVM is stopped, or another command has paused the plan"
              .formatted(plan.name(), TimeUnit.NANOSECONDS.toSeconds(STUCK_NANOS), plan.phase()));
    }
    return null;
  }

  /**
   * @param pressure plan that must be held; null without pressure
   */
  private StepResult measured(HeldPlans held, HoldPlan meter, HoldPlan pressure, int share)
      throws IOException, InterruptedException {
    String note = settle(held, pressure);
    held.resume(meter);
    if (client != null) {
      client.skip(); // answers before this time
    }
    Measurement measurement = new Measurement(sample(held, pressure));
    long deadline = System.nanoTime() + options.measure().toNanos();
    while (System.nanoTime() - deadline < 0) {
      stop.pause(SAMPLE_MILLIS);
      JvmSample sample = sample(held, pressure);
      measurement.add(sample);
      if (pressure != null && sample.plan(pressure.name()).isExhausted()) {
        String message = sample.plan(pressure.name()).message();
        return StepResult.refused(share, message, measurement.figures());
      }
    }
    Latencies stalls = HeldPlans.stalls(held.require(meter, held.look()));
    return result(share, measurement.figures(), stalls, note);
  }

  private StepResult result(int share, StepResult.Figures figures, Latencies stalls, String note)
      throws InterruptedException {
    LoadWindow answers = client == null ? null : client.window();
    stop.check(); // the window of a closed client is not whole
    String breach = options.promise().breach(answers == null ? stalls : Latencies.of(answers));
    Outcome outcome = breach == null ? Outcome.KEPT : Outcome.BROKEN;
    return new StepResult(share, outcome, breach, figures, stalls, answers, note);
  }

  /** Returns a sample of the JVM that holds the plan. */
  private static JvmSample sample(HeldPlans held, HoldPlan pressure) throws IOException {
    JvmSample sample = held.look();
    if (pressure != null) {
      held.require(pressure, sample);
    }
    return sample;
  }

  /**
   * Waits for two collections, at most as long as a measurement; returns a note if fewer came. The
   * heap is full of garbage from time to time only.
   */
  private String settle(HeldPlans held, HoldPlan pressure)
      throws IOException, InterruptedException {
    Measurement since = new Measurement(sample(held, pressure));
    long deadline = System.nanoTime() + options.measure().toNanos();
    while (since.collections() < COLLECTIONS) {
      if (System.nanoTime() - deadline >= 0) {
        return "%d collections in the %d s before the measurement"
            .formatted(Math.max(0, since.collections()), options.measure().toSeconds());
      }
      stop.pause(SAMPLE_MILLIS);
      since.add(sample(held, pressure));
    }
    return null;
  }
}
