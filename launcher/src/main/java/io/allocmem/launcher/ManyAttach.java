package io.allocmem.launcher;

import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PhaseWait;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.many.HeldPlan;
import io.allocmem.launcher.many.JvmWork;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.many.Rows;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Starts a plan in many JVMs: the attach of a single JVM for each, and then the hold or the wait of
 * all.
 *
 * @param hold true to hold the plans until the end of this process
 * @param timeout time limit of a wait for each plan; null to return at once
 */
record ManyAttach(
    CommandSpec spec, ManyChoice many, HoldPlan plan, boolean hold, Duration timeout) {

  /** Starts the plan in the chosen JVMs, and returns the worst exit code. */
  int run(Consent consent) throws IOException, InterruptedException {
    Selection selection = many.attachable();
    List<ManyTarget> targets = many.targetsOf(selection, spec);
    requireConsent(targets, consent);
    OneOfMany one = OneOfMany.of(spec, single());
    return many.each(targets, selection, spec, hold, (jvm, rows) -> new Work(jvm, one, rows));
  }

  /** Returns the options of the attach to each JVM: the hold and the wait come afterwards. */
  private Map<String, Object> single() {
    Map<String, Object> changed = new HashMap<>();
    changed.put("--hold", false);
    changed.put("--wait", null);
    if (hold && spec.findOption("--lease").getValue() == null) {
      changed.put("--lease", AttachCommand.HELD);
    }
    return changed;
  }

  /** A plan in all JVMs of a machine, or a large sum of small plans, may be a mistake. */
  private void requireConsent(List<ManyTarget> targets, Consent consent) throws IOException {
    if (many.isUnbounded() && !consent.isGiven()) {
      spec.commandLine().getErr().print(ManyChoice.table(targets));
      throw new ParameterException(
          spec.commandLine(),
          "--all starts the plan in %d JVMs: confirm with --yes, or with --at-most %1$d"
              .formatted(targets.size()));
    }
    consent.require(
        LargePlan.objection(plan, targets.stream().map(ManyTarget::pid).toList()), spec);
  }

  /** Attach to one JVM, and the hold or the wait. */
  private final class Work implements JvmWork {
    private final ManyTarget jvm;
    private final OneOfMany one;
    private final Rows rows;
    private Outcome accepted;

    /** Hold or wait after the attach; null before. */
    private JvmWork stay;

    Work(ManyTarget jvm, OneOfMany one, Rows rows) {
      this.jvm = jvm;
      this.one = one;
      this.rows = rows;
    }

    @Override
    public Outcome step() throws IOException {
      if (stay != null) {
        return stay.step();
      }
      JvmEnd end = JvmEnd.of(jvm.pid());
      accepted = one.run(jvm);
      if (accepted.code() != ExitCode.DONE || !hold && timeout == null) {
        return accepted;
      }
      stay =
          hold
              ? new HeldPlan(jvm, plan, end, accepted, rows)
              : waiting(PhaseWait.ofStarted(jvm.pid(), plan, end));
      return null;
    }

    private JvmWork waiting(PhaseWait waiting) {
      return () -> {
        Verdict verdict = waiting.next(timeout);
        return verdict == null ? null : accepted.with(waiting.plans()).with(verdict);
      };
    }

    @Override
    public long pauseMillis() {
      return stay == null ? 0 : stay.pauseMillis();
    }

    /** The plan of a wait has started and stays: its row says so. */
    @Override
    public Outcome end() throws IOException {
      Outcome ended = stay == null ? null : stay.end();
      return ended == null && accepted != null ? accepted.with("STARTED") : ended;
    }
  }
}
