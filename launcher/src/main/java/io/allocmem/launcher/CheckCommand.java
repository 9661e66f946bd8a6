package io.allocmem.launcher;

import io.allocmem.launcher.check.CheckReport;
import io.allocmem.launcher.check.Surroundings;
import io.allocmem.launcher.check.Verdict;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a plan would meet in a JVM, and never changes anything there. */
@Command(
    name = "check",
    description = {
      "Show what a plan would meet in a JVM; changes nothing there.",
      "Takes the options of attach; without -x or --until the JVM alone is looked at.",
      "Exit codes: 0 it can start, 1 something refuses it, 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name")
  private String target;

  @Option(names = "--json", description = "one JSON object; bytes as integers, null: not known")
  private boolean json;

  CheckCommand() {}

  @Override
  public Integer call() throws IOException {
    HoldPlan plan = PlanOptions.saysHowMuch(spec) ? PlanOptions.planOf(spec, Map.of()) : null;
    ByteSize array = arrayOf(plan);
    Surroundings around = Surroundings.of(JavaProcess.pidOf(target));
    Verdict verdict = Verdict.of(around, plan);
    CheckReport report = new CheckReport(around, plan, array, verdict);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? report.toJson() + System.lineSeparator() : report.toText());
    out.flush();
    return verdict.refusals().isEmpty() ? 0 : 1;
  }

  /** A block can be looked at without a plan; null when none was given, or it is no array. */
  private ByteSize arrayOf(HoldPlan plan) {
    if (plan != null) {
      return plan.area() == AreaKind.HEAP ? plan.blockSize() : null;
    }
    String given = spec.findOption("block").getValue();
    try {
      return given == null ? null : ByteSize.parse(given);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "invalid option m=%s: %s".formatted(given, e.getMessage()), e);
    }
  }
}
