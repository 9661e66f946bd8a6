package io.allocmem.launcher;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.plan.HoldPlan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs the launcher's commands within the JVM of the tests: faster than {@link Cli} with a new JVM.
 */
public final class InProcess {
  private InProcess() {}

  /** Runs a command; returns the exit code, and stdout and stderr together. */
  public static Cli run(Object... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    return new Cli(run(printer, printer, arguments), out.toString());
  }

  /** Runs a command, and returns stdout alone. */
  public static String out(Object... arguments) {
    StringWriter out = new StringWriter();
    run(new PrintWriter(out, true), new PrintWriter(Writer.nullWriter()), arguments);
    return out.toString();
  }

  private static int run(PrintWriter out, PrintWriter err, Object... arguments) {
    // the jar for the courier, a process of another user
    System.setProperty("java.class.path", Cli.JAR.toString());
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    return Launcher.run(out, err, words);
  }

  /** Returns the plan for a command line, without running the command. */
  public static HoldPlan plan(String... words) {
    CommandLine allocmem = new CommandLine(new AllocmemCommand());
    allocmem.parseArgs(AllocmemCommand.withCommand(words, allocmem));
    return PlanOptions.planOf(allocmem.getParseResult().subcommand().commandSpec(), Map.of());
  }
}
