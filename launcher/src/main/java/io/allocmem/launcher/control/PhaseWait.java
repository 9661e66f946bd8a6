package io.allocmem.launcher.control;

import io.allocmem.control.Phase;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Waits until plans of a JVM are in a phase. {@link Phase#HOLDING} stands for a plan that has
 * reached what was asked: a rotating plan is past that phase, and a plan without a limit has
 * reached its aim at the refusal of a block. Ends early if the phase cannot come any more.
 */
public final class PhaseWait {
  private static final long POLL_MILLIS = 50;

  /** Phases that an exhausted plan enters only after a command. */
  private static final Set<Phase> AFTER_ALLOCATING =
      EnumSet.of(Phase.HOLDING, Phase.GUARDED, Phase.ROTATING, Phase.RAMPING_DOWN);

  private final long pid;
  private final Predicate<String> names;
  private final Phase wanted;

  /** Plan that was started; null for plans that may start yet. */
  private final HoldPlan started;

  private final JvmEnd end;
  private final Course course = new Course();

  private final Poller poller;

  /** Time of the first look; 0 before. */
  private long start;

  /** Null before the first answer. */
  private StatusReport last;

  private PhaseWait(long pid, Predicate<String> names, Phase wanted, HoldPlan started, JvmEnd end) {
    this.pid = pid;
    this.names = names;
    this.wanted = wanted;
    this.started = started;
    this.end = end;
    this.poller = new Poller(pid);
  }

  /**
   * Waits for plans that exist, or that may start yet.
   *
   * @param names names of the plans; all of these plans must be in the phase
   */
  public static PhaseWait of(long pid, Predicate<String> names, Phase wanted, JvmEnd end) {
    return new PhaseWait(pid, names, wanted, null, end);
  }

  /** Waits until a plan that was started before has reached what was asked. */
  public static PhaseWait ofStarted(long pid, HoldPlan plan, JvmEnd end) {
    return new PhaseWait(pid, plan.name()::equals, Phase.HOLDING, plan, end);
  }

  /**
   * Waits, and returns the verdict.
   *
   * @param timeout zero for no time limit
   */
  public Verdict await(Duration timeout) throws IOException, InterruptedException {
    try (poller) {
      Verdict verdict = next(timeout);
      while (verdict == null) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        verdict = next(timeout);
      }
      return verdict;
    }
  }

  /**
   * Looks once, for a caller that waits for several JVMs.
   *
   * @param timeout since the first look; zero for no time limit
   * @return the verdict; null to look again
   */
  public Verdict next(Duration timeout) throws IOException {
    start = start == 0 ? System.nanoTime() : start;
    Verdict verdict = look() ? verdict() : null;
    boolean late = !timeout.isZero() && System.nanoTime() - start >= timeout.toNanos();
    verdict = verdict == null && late ? late(timeout) : verdict;
    if (verdict != null) {
      poller.close();
    }
    return verdict;
  }

  /** Returns false for a JVM that does not answer in time, as under memory pressure. */
  private boolean look() throws IOException {
    StatusReport report = poller.nextOrNull();
    if (report == null) {
      return false;
    }
    last = report;
    course.add(last);
    return true;
  }

  /** Returns the state of the plans at the last look, one sample per plan. */
  public List<PlanSample> plans() {
    return last == null
        ? List.of()
        : last.plans().stream().filter(plan -> names.test(plan.name())).toList();
  }

  /** Returns one line per plan of the last look. */
  public List<String> lines() {
    if (last == null) {
      return List.of("JVM %d does not answer".formatted(pid));
    }
    List<String> lines = last.toLines(names);
    return lines.isEmpty() ? List.of("no plan is held in " + pid) : lines;
  }

  /** Returns the verdict at this look; null to look again. */
  private Verdict verdict() {
    List<PlanSample> plans = plans();
    for (PlanSample plan : plans) {
      if (plan.isDead()) {
        return end.verdict();
      }
      if (!isIn(plan) && isHopeless(plan)) {
        Verdict verdict = course.verdict(plan);
        return verdict.code() == ExitCode.DONE ? missed(plan) : verdict;
      }
    }
    if (plans.isEmpty() && end.isOver()) {
      return end.verdict();
    }
    if (plans.isEmpty() && started != null) {
      return course.verdict(started, end);
    }
    if (plans.isEmpty()) {
      return wanted == Phase.RELEASED ? absent() : null;
    }
    return plans.stream().allMatch(this::isIn) ? Verdict.DONE : null;
  }

  /** Returns the verdict on a JVM without a visible plan: a skipped file may be of a held plan. */
  private Verdict absent() {
    List<String> skipped = PlanControl.skipped(pid);
    return skipped.isEmpty()
        ? Verdict.DONE
        : new Verdict(
            ExitCode.FAILED,
            "a plan may be held in %d, but %s".formatted(pid, String.join("; ", skipped)));
  }

  private boolean isIn(PlanSample plan) {
    boolean failed = plan.phase().equals(Phase.FAILED.name());
    return wanted == Phase.HOLDING
        ? course.hasReached(plan) && !failed
        : plan.phase().equals(wanted.name());
  }

  private boolean isHopeless(PlanSample plan) {
    return plan.isOver() || plan.isExhausted() && AFTER_ALLOCATING.contains(wanted);
  }

  private Verdict missed(PlanSample plan) {
    return new Verdict(
        ExitCode.SHORT, "plan %s is %s, not %s".formatted(plan.name(), plan.phase(), wanted));
  }

  private Verdict late(Duration timeout) {
    String state = String.join("; ", lines());
    return new Verdict(
        ExitCode.SHORT,
        "not %s after %s s: %s".formatted(wanted, timeout.toMillis() / 1000.0, state));
  }
}
