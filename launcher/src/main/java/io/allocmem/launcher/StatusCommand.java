package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is held in a JVM, side by side with what the process says of itself. */
@Command(
    name = "status",
    description = "Show what is held in a JVM. Reads its control files and /proc only.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name")
  private String target;

  @Option(names = "--json", description = "one JSON object; bytes as integers, null: not measured")
  private boolean json;

  @Option(names = "--follow", description = "again every second, until nothing is held any more")
  private boolean follow;

  StatusCommand() {}

  @Override
  public Integer call() throws IOException, InvalidArguments, InterruptedException {
    long pid = JavaProcess.pidOf(target);
    StatusReport report = StatusReport.of(pid);
    print(report);
    while (follow && report.isAnythingHeld()) {
      Thread.sleep(1000);
      report = StatusReport.of(pid);
      print(report);
    }
    return 0;
  }

  private void print(StatusReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? report.toJson() + System.lineSeparator() : report.toText());
    out.flush();
  }
}
