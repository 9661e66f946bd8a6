package io.allocmem.launcher;

import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.JvmSurvey;
import io.allocmem.launcher.process.Remedy;
import io.allocmem.launcher.process.Table;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The JVM of a command: the given JVM, or the only JVM that fits the command. */
final class TargetChoice {
  /** Maximum rows of candidates; {@code allocmem list} shows the rest. */
  private static final int MOST_LISTED = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name (default: the only one)")
  private String target;

  TargetChoice() {}

  /** Returns true if the command line names the JVM. */
  boolean isGiven() {
    return target != null;
  }

  /** Returns the part of a name that chooses the JVM; null for a pid, and without a choice. */
  String part() {
    return target == null || JavaProcess.isPid(target) ? null : target;
  }

  /**
   * Returns the pid of the JVM where a plan may start, as seen from here. Without a PID: the only
   * JVM that this user may attach to.
   *
   * @throws Failure if no JVM matches, or several JVMs match the given text
   * @throws ParameterException with the candidates, if no PID was given and several JVMs fit
   */
  long pid(CommandSpec command) {
    requireNoArguments(command);
    return target != null
        ? JavaProcess.pidOf(target)
        : only(
            Candidate.attachable(),
            "may be meant",
            "there is no JVM that you may attach to",
            command);
  }

  /**
   * Returns normally unless the PID is text for the agent, as {@code m=100,x=2048}.
   *
   * @throws ParameterException with the options that the text stands for
   */
  void requireNoArguments(CommandSpec command) {
    AgentWords.suggestion(target == null ? "" : target)
        .ifPresent(
            sentence -> {
              throw new ParameterException(command.commandLine(), sentence);
            });
  }

  /**
   * Returns the pid of a JVM with a plan, as seen from here. Without a PID: the only JVM that holds
   * a plan.
   *
   * @param plan name of the plan; null for any plan
   * @throws Failure if no JVM matches, or several JVMs match the given text
   * @throws ParameterException with the candidates, if no PID was given and several JVMs fit
   */
  long pidHolding(String plan, CommandSpec command) {
    if (target != null) {
      return JavaProcess.pidOf(target);
    }
    String held = plan == null ? "a plan" : "plan " + plan;
    String none = "no JVM that you may command holds " + held;
    return only(Candidate.holding(plan), "hold " + held, none, command);
  }

  /**
   * Returns the pid of an armed JVM, as seen from here. Without a PID: the only armed JVM.
   *
   * @throws Failure if no JVM matches, or several JVMs match the given text
   * @throws ParameterException with the candidates, if no PID was given and several JVMs fit
   */
  long pidArmed(CommandSpec command) {
    return target != null
        ? JavaProcess.pidOf(target)
        : only(Candidate.armed(), "are armed", "no JVM that you may command is armed", command);
  }

  private static long only(List<Candidate> fit, String each, String none, CommandSpec command) {
    CommandLine line = command.commandLine();
    if (fit.isEmpty()) {
      boolean seen = !JvmSurvey.take().isEmpty();
      throw new Failure(none + "; " + (seen ? "allocmem list shows the JVMs" : Remedy.toSeeJvms()));
    }
    if (fit.size() > 1) {
      throw new ParameterException(
          line, "which JVM? %d %s:%n%s".formatted(fit.size(), each, rows(fit)));
    }
    JavaProcess jvm = fit.get(0).jvm();
    line.getErr().printf("no PID given: JVM %d, %s%n", jvm.pid(), jvm.main());
    line.getErr().flush();
    return jvm.pid();
  }

  private static String rows(List<Candidate> fit) {
    Table table = new Table("PID", "USER", "MAIN", "HELD");
    fit.stream()
        .limit(MOST_LISTED)
        .forEach(one -> table.row(one.jvm().pid(), one.jvm().user(), one.jvm().main(), one.held()));
    int more = fit.size() - MOST_LISTED;
    return table + (more > 0 ? "and %d more; ".formatted(more) : "") + "give the PID of one JVM";
  }
}
