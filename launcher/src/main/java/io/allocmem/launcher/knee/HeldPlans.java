package io.allocmem.launcher.knee;

import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.launcher.control.Course;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.plan.HoldPlan;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Plans of one step in a JVM: looks at the plans, renews their leases, and releases the plans. */
final class HeldPlans implements Closeable {
  /** Time limit of a release; the collection that follows stops a large heap for seconds. */
  private static final long RELEASE_MILLIS = 30_000;

  /** Time for which an ending JVM still exists after its shutdown. */
  private static final long END_MILLIS = 1_000;

  private static final long POLL_MILLIS = 20;

  private final long pid;
  private final JvmEnd end;
  private final Poller poller;
  private final long releaseMillis;
  private final Map<String, HoldPlan> plans = new LinkedHashMap<>();
  private final Course course = new Course();

  /** Last sample of the JVM; null before the first look. */
  private JvmSample last;

  HeldPlans(long pid, JvmEnd end) {
    this(pid, end, RELEASE_MILLIS);
  }

  HeldPlans(long pid, JvmEnd end, long releaseMillis) {
    this.pid = pid;
    this.end = end;
    this.poller = new Poller(pid);
    this.releaseMillis = releaseMillis;
  }

  /** Starts a plan. A plan that was refused is none of these plans. */
  void start(HoldPlan plan, PlanStarter starter) throws IOException {
    starter.start(plan);
    plans.put(plan.name(), plan);
  }

  /**
   * Renews the leases, and returns a sample of the JVM.
   *
   * @throws Failure if the JVM has ended, or does not answer from the beginning
   */
  JvmSample look() throws IOException {
    poller.renew(plans::containsKey);
    StatusReport report = poller.nextOrNull();
    if (report != null) {
      course.add(report);
      last = report.toSample();
    }
    if (last == null) {
      throw new Failure("JVM %d does not answer: try again".formatted(pid));
    }
    for (String name : plans.keySet()) {
      requireJvm(last.plan(name));
    }
    return last;
  }

  private void requireJvm(PlanSample plan) {
    if (plan != null && plan.isDead() || plan == null && endsSoon()) {
      end.verdict().require();
    }
  }

  /** A JVM removes its control files a moment before the JVM ends. */
  private boolean endsSoon() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
    while (!end.isOver() && System.nanoTime() - deadline < 0) {
      sleep();
    }
    return end.isOver();
  }

  /**
   * Returns the plan in a sample.
   *
   * @throws Failure if the plan is over: somebody released the plan, or the plan failed
   */
  PlanSample require(HoldPlan plan, JvmSample sample) {
    PlanSample held = sample.plan(plan.name());
    if (held != null && !held.isOver()) {
      return held;
    }
    if (endsSoon()) {
      end.verdict().require();
    }
    Verdict verdict = course.verdict(plan, end);
    ExitCode code = verdict.code() == ExitCode.DONE ? ExitCode.FAILED : verdict.code();
    throw new Failure(
        code,
        verdict.sentence() == null
            ? "plan %s was released by somebody else".formatted(plan.name())
            : verdict.sentence());
  }

  /** Returns true if the plan has reached what was asked. */
  boolean hasReached(PlanSample plan) {
    return course.hasReached(plan);
  }

  /** Ends the wait of a plan. */
  void resume(HoldPlan plan) throws IOException {
    poller.send(plan.name()::equals, PlanCommand.RESUME);
  }

  /**
   * Releases all plans, and waits for the release. The last plan asks the JVM for a collection: the
   * next step must not find the blocks of this step as garbage.
   *
   * @return last sample of the JVM, after the collection
   * @throws Failure if the JVM has ended, or a plan is not released in time
   */
  JvmSample release() throws IOException {
    String collects = plans.keySet().stream().findFirst().orElse(null);
    release(name -> !name.equals(collects), PlanCommand.RELEASE);
    release(name -> name.equals(collects), PlanCommand.RELEASE_AND_COLLECT);
    plans.clear();
    return last;
  }

  /** Releases the plans that are left, without a collection. */
  private void releaseAtOnce() throws IOException {
    release(name -> true, PlanCommand.RELEASE);
    plans.clear();
  }

  private void release(Predicate<String> names, PlanCommand command) throws IOException {
    Predicate<String> own = names.and(plans::containsKey);
    if (plans.keySet().stream().noneMatch(own)) {
      return;
    }
    Failure refused = null;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(releaseMillis);
    Set<String> sent = new HashSet<>();
    while (System.nanoTime() - deadline < 0) {
      StatusReport report = poller.nextOrNull();
      if (report != null && isReleased(report, own)) {
        return;
      }
      Failure pending = send(own.and(name -> !sent.contains(name)), command, sent);
      refused = pending == null ? refused : pending;
      sleep();
    }
    throw notReleased(refused);
  }

  /**
   * Sends a command to each plan by itself: a plan that began a moment ago may not be known yet.
   *
   * @return why a plan did not take the command; null if none refused
   */
  private Failure send(Predicate<String> names, PlanCommand command, Set<String> sent)
      throws IOException {
    Failure refused = null;
    for (String name : plans.keySet()) {
      try {
        if (names.test(name) && poller.send(name::equals, command)) {
          sent.add(name);
        }
      } catch (Failure pending) { // another process holds the file, or released before
        refused = pending;
      }
    }
    return refused;
  }

  /** Returns true if none of the plans is held any more, for a JVM that lives. */
  private boolean isReleased(StatusReport report, Predicate<String> own) {
    course.add(report);
    last = report.toSample();
    if (last.plans().stream().anyMatch(plan -> own.test(plan.name()) && plan.isDead())) {
      end.verdict().require();
    }
    return !report.isAnythingHeld(own);
  }

  private Failure notReleased(Failure refused) {
    String cause = refused == null ? "the JVM is stopped or short of memory" : refused.getMessage();
    return new Failure(
        "plans %s in JVM %d are not released after %d s: %s; release them with: allocmem release %2$d; without a renewal their leases end within 30 s"
            .formatted(String.join(", ", plans.keySet()), pid, releaseMillis / 1000, cause));
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  /** Releases the plans that are left: after a step, none. */
  @Override
  public void close() throws IOException {
    try (poller) {
      if (!plans.isEmpty() && !end.isOver()) {
        releaseAtOnce();
      }
    }
  }

  /** Returns the stalls that the meter has measured since its resume. */
  static Latencies stalls(PlanSample meter) {
    return meter.orUnknown(Reading.STALL_MAX_IN_ALL) < 0 ? Latencies.NONE : Latencies.of(meter);
  }
}
