package io.allocmem.launcher.control;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.HoldPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Course of the plans of a JVM, report by report, and the verdict on a plan after its end. */
public final class Course {
  private final Map<String, PlanSample> newest = new HashMap<>();

  /** Last sample of each plan before its release: a released plan holds no block. */
  private final Map<String, PlanSample> holding = new HashMap<>();

  /** Plans seen at their limit, for agents without the reading {@link Reading#REACHED}. */
  private final Set<String> seenFull = new HashSet<>();

  /** Starts without any report. */
  public Course() {}

  /** Adds the next report. */
  public void add(StatusReport report) {
    for (PlanSample plan : report.plans()) {
      newest.put(plan.name(), plan);
      if (!plan.isOver() && !plan.isDead()) {
        holding.put(plan.name(), plan);
      }
      if (plan.phase().equals(Phase.HOLDING.name())) {
        seenFull.add(plan.name());
      } else if (plan.isRefused()) {
        seenFull.remove(plan.name());
      }
    }
  }

  /** Returns true if the JVM ended before the plan, also if the JVM ended before a first report. */
  public boolean hasEndedWithJvm(HoldPlan plan, JvmEnd end) {
    PlanSample last = newest.get(plan.name());
    return last == null ? end.isOver() : last.isDead();
  }

  /** Returns the verdict on an ended plan, also if the JVM ended before a first report. */
  public Verdict verdict(HoldPlan plan, JvmEnd end) {
    boolean unseen = newest(plan).isEmpty();
    return unseen && end.isOver() ? end.verdict() : verdict(plan, end::verdict);
  }

  /**
   * Returns the verdict on an ended plan.
   *
   * @param end verdict on the JVM, for a plan that ended with its JVM
   */
  public Verdict verdict(HoldPlan plan, Supplier<Verdict> end) {
    PlanSample last = newest.get(plan.name());
    if (last == null) {
      return unseen(plan);
    }
    return last.isDead() ? end.get() : verdict(last);
  }

  /** A plan without a time limit ends by its own rule only at its limit. */
  private static Verdict unseen(HoldPlan plan) {
    boolean ends = plan.then() == AtLimit.RELEASE || plan.then() == AtLimit.RAMP_DOWN;
    return ends && plan.duration().isZero()
        ? Verdict.DONE
        : new Verdict(
            ExitCode.FAILED,
            "plan %s ended before a first look: not known how far it came".formatted(plan.name()));
  }

  /** Returns the last sample of the plan; empty if no report had the plan. */
  public List<PlanSample> newest(HoldPlan plan) {
    return Stream.ofNullable(newest.get(plan.name())).toList();
  }

  /** Returns the verdict on the plan of a sample: what the plan has reached by now. */
  public Verdict verdict(PlanSample plan) {
    if (plan.phase().equals(Phase.FAILED.name())) {
      return new Verdict(
          ExitCode.FAILED, "plan %s failed: %s".formatted(plan.name(), plan.message()));
    }
    if (plan.orUnknown(Reading.STOPPED) == 1) {
      return new Verdict(ExitCode.STOPPED, "plan %s: %s".formatted(plan.name(), plan.message()));
    }
    return hasReached(plan) ? Verdict.DONE : new Verdict(ExitCode.SHORT, shortOf(plan));
  }

  /** Returns true if the plan has reached what was asked, and no block was refused since. */
  public boolean hasReached(PlanSample plan) {
    Long reached = plan.get(Reading.REACHED);
    return reached == null ? seenFull.contains(plan.name()) : reached > 0;
  }

  private String shortOf(PlanSample plan) {
    PlanSample held = holding.getOrDefault(plan.name(), plan);
    String message =
        plan.message() == null || plan.message().isEmpty() ? "" : "; " + plan.message();
    return "plan %s did not reach %s: %s with %d blocks, %s%s"
        .formatted(
            held.name(),
            held.aim(),
            held.phase(),
            held.orUnknown(Reading.BLOCKS),
            Sizes.of(held.orUnknown(Reading.COMMITTED)),
            message);
  }
}
