package io.allocmem.launcher.report;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.TimeAtTarget;
import io.allocmem.launcher.process.Sizes;
import java.util.Locale;

/**
 * Judgement of a plan by its record: the plan reached the requested memory, or not, or the record
 * ends before.
 */
record PlanVerdict(String plan, Outcome outcome, String reason) {
  /** Kinds of judgement. */
  enum Outcome {
    REACHED("Reached"),
    OPEN("Open"),
    MISSED("Not reached");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    String css() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Findings of all samples about one plan. */
  private static final class Seen {
    private PlanSample last;
    private long most;
    private long heldMillis;
    private boolean level;
    private boolean exhausted;
    private boolean lost;
    private Long counted;

    private void add(PlanSample plan, long untilNext) {
      last = plan;
      most = Math.max(most, plan.get(Reading.COMMITTED));
      counted = plan.get(Reading.REACHED) == null ? counted : plan.get(Reading.REACHED);
      exhausted |= plan.isExhausted();
      if (PhaseLane.isLevel(plan.phase())) {
        level = true;
        heldMillis += untilNext;
      }
    }

    /**
     * Judges by the agent's own count. For an older agent: by committed bytes for a plan with a
     * limit, else by the phase.
     */
    private boolean reached() {
      if (counted != null) {
        return counted > 0;
      }
      long limit = last.most();
      boolean takesAll = last.limit() != null && last.limit() == 0;
      return limit > 0 ? most >= limit : level || takesAll && exhausted;
    }

    private String amount() {
      return reached() || last.most() < 0
          ? Sizes.of(most)
          : Sizes.of(most) + " of " + Sizes.of(last.most());
    }
  }

  /** Judges the plan of that name, which the record has. */
  static PlanVerdict of(Recording recording, String plan) {
    Seen seen = new Seen();
    for (int i = 0; i < recording.samples().size(); i++) {
      JvmSample sample = recording.samples().get(i);
      JvmSample next = recording.samples().get(Math.min(i + 1, recording.samples().size() - 1));
      PlanSample now = sample.plan(plan);
      if (now != null) {
        seen.add(now, next.time() - sample.time());
      }
      seen.lost = now == null && seen.last != null;
    }
    String time = TimeAtTarget.of(seen.last.readings());
    String reason = reason(seen) + (time == null ? "" : "; " + time);
    return new PlanVerdict(plan, outcome(seen), reason);
  }

  private static Outcome outcome(Seen seen) {
    if (isBroken(seen)) {
      return Outcome.MISSED;
    }
    if (seen.reached()) {
      return Outcome.REACHED;
    }
    return seen.last.isOver() || PhaseLane.isAlarm(seen.last.phase())
        ? Outcome.MISSED
        : Outcome.OPEN;
  }

  private static boolean isBroken(Seen seen) {
    return seen.last.phase().equals(Phase.FAILED.name())
        || seen.last.isDead()
        || seen.lost && !seen.last.isOver();
  }

  private static String reason(Seen seen) {
    String phase = seen.last.phase();
    if (isBroken(seen) && !phase.equals(Phase.FAILED.name())) {
      return "the JVM ended while the plan held " + Sizes.of(seen.last.get(Reading.COMMITTED));
    }
    if (isBroken(seen)) {
      return "the plan failed after " + seen.amount();
    }
    String held = seen.heldMillis > 0 ? ", held for " + TimeAxis.period(seen.heldMillis) : "";
    if (seen.last.isOver()) {
      String before = seen.exhausted ? ", EXHAUSTED" : "";
      return seen.amount() + (seen.reached() ? held : before) + released(seen.last);
    }
    return seen.amount() + held + ", the record ends in " + phase;
  }

  private static String released(PlanSample last) {
    boolean stopped = last.orUnknown(Reading.STOPPED) == 1;
    return ", then released" + (stopped ? " by a stop condition" : "");
  }
}
