package io.allocmem.launcher;

import io.allocmem.arguments.PlanOption;
import io.allocmem.launcher.check.CheckReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Mixin private Consent consent;

  @Option(
      names = "--json",
      description = "print one JSON object; bytes as integers, null: not known")
  private boolean json;

  CheckCommand() {}

  @Override
  public Integer call() throws IOException {
    HoldPlan plan = PlanOptions.hasAmount(spec) ? PlanOptions.planOf(spec, Map.of()) : null;
    ByteSize array = arrayOf(plan);
    CheckReport report = CheckReport.of(target.pid(spec), plan, array, consent.isGiven());
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? report.toJson() + System.lineSeparator() : report.toText());
    out.flush();
    return (report.canStart() ? ExitCode.DONE : ExitCode.FAILED).number();
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
