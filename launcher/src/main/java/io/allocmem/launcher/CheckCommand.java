package io.allocmem.launcher;

import io.allocmem.arguments.PlanOption;
import io.allocmem.launcher.check.CheckReport;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the prediction for a plan in a JVM, and never changes anything in the JVM. */
@Command(
    name = "check",
    description = {
      "Predict whether a plan can start in a JVM, and why not; changes nothing there.",
      "Takes the options of attach; without -x or --until, checks the JVM alone."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Mixin private ManyChoice many;

  @Mixin private Consent consent;

  @Mixin private JsonOption json;

  CheckCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    HoldPlan plan = PlanOptions.hasAmount(spec) ? PlanOptions.planOf(spec, Map.of()) : null;
    ByteSize array = arrayOf(plan);
    if (many.isGiven(spec)) {
      return many.each(many.attachable(), spec);
    }
    long pid = target.pid(spec);
    json.pid(pid);
    CheckReport report = CheckReport.of(pid, plan, array, consent.isGiven());
    json.plans(StatusReport.of(pid).plans());
    report.fields().forEach(json::put);
    json.text().print(report.toText());
    json.text().flush();
    String refusal = report.refusal();
    return json.end(refusal == null ? ExitCode.DONE : ExitCode.FAILED, refusal);
  }

  /**
   * Returns the block to check, possible even without a plan; null if no block was given, or the
   * block is no array.
   */
  private ByteSize arrayOf(HoldPlan plan) {
    if (plan != null) {
      return plan.area() == AreaKind.HEAP ? plan.blockSize() : null;
    }
    String given = spec.findOption("block").getValue();
    try {
      return given == null ? null : ByteSize.parse(given);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          PlanOptions.invalid(spec, PlanOption.BLOCK, given, e.getMessage()),
          e);
    }
  }
}
