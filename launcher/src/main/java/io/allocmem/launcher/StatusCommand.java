package io.allocmem.launcher;

import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.watch.Follower;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.WatchDisplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the plans of a JVM beside the process's own figures. */
@Command(
    name = "status",
    description = "Show the plans of a JVM. Reads its control files and /proc only.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Mixin private ManyChoice many;

  @Option(
      names = "--json",
      description = "print one JSON object; bytes as integers, null: not measured")
  private boolean json;

  @Option(names = "--follow", description = "print again every second, until the JVM holds no plan")
  private boolean follow;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "show the plan of this name (default: all plans)")
  private String name;

  @Mixin private RecordOptions record;

  StatusCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (record.file() != null && !follow) {
      throw new ParameterException(
          spec.commandLine(), "--record needs --follow; for one sample, use --json");
    }
    if (many.isGiven(spec)) {
      return statusOfMany();
    }
    long pid = target.pidHolding(name, spec);
    StatusReport report = StatusReport.of(pid);
    requireNamed(report, pid);
    printSkipped(pid, spec.commandLine().getErr());
    if (follow && report.isAnythingHeld(this::isShown)) {
      RecordWriter recorder = RecordWriter.to(record.file());
      Poller poller = new Poller(pid);
      WatchDisplay display = new EachSecond();
      new Follower(poller, display, recorder, record.everyMillis(), this::isShown, false).stay();
    } else {
      print(report);
      spec.commandLine().getOut().print(json ? "" : armed(pid));
      spec.commandLine().getOut().flush();
    }
    return ExitCode.DONE.number();
  }

  private int statusOfMany() throws InterruptedException {
    if (follow) {
      throw new ParameterException(
          spec.commandLine(), "--follow shows one JVM: give a PID, or leave out --all and --match");
    }
    return many.each(many.holding(name), spec);
  }

  private boolean isShown(String plan) {
    return name == null || plan.equals(name);
  }

  private void requireNamed(StatusReport report, long pid) {
    if (name != null && !report.phases().containsKey(name)) {
      throw PlanChoice.noPlan(name, pid);
    }
  }

  /** Prints the status of all plans of the JVM, and returns the exit code. */
  static int status(long pid, PrintWriter out, PrintWriter err) throws IOException {
    StatusReport report = StatusReport.of(pid);
    printSkipped(pid, err);
    out.print(report.toText() + armed(pid));
    out.flush();
    return ExitCode.DONE.number();
  }

  /** Returns a line about an armed agent of the JVM; empty for none. */
  private static String armed(long pid) {
    ArmedState armed = ArmedState.orNull(pid);
    return armed == null
        ? ""
        : "armed: %s (agent %s); allocmem attach %d starts a plan%n"
            .formatted(armed.toHuman(), armed.agentVersion(), pid);
  }

  private static void printSkipped(long pid, PrintWriter err) {
    PlanControl.skipped(pid).forEach(sentence -> err.println("skipped: " + sentence));
  }

  private void print(StatusReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    StatusReport shown = report.only(this::isShown);
    out.print(json ? shown.toJson() + System.lineSeparator() : shown.toText());
    out.flush();
  }

  /** Shows the first report, one report per second, and the last report. */
  private final class EachSecond implements WatchDisplay {
    private static final long SECOND = 1_000_000_000;
    private long due = System.nanoTime();

    @Override
    public void show(StatusReport report) throws IOException {
      long now = System.nanoTime();
      if (now - due >= 0 || !report.isAnythingHeld(StatusCommand.this::isShown)) {
        print(report);
        due = now + SECOND;
        if (spec.commandLine().getOut().checkError()) {
          throw new OutputClosed();
        }
      }
    }

    @Override
    public void showMessage(String sentence) {
      spec.commandLine().getErr().println(sentence);
    }
  }
}
