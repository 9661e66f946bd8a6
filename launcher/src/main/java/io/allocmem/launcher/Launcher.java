package io.allocmem.launcher;

import io.allocmem.control.Printable;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Stdout;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Main class: executes a plain command, or has the words parsed, and prints every failure as plain
 * lines. Has no type of the parser in a signature: the JVM resolves the types in the signatures of
 * the main class, and would load the parser.
 */
public final class Launcher {
  private Launcher() {}

  /**
   * Exits with an {@link ExitCode}. Numbers have ASCII digits and a decimal point in each locale:
   * SVG, arguments of the agent and scripts need them.
   */
  public static void main(String[] args) {
    Locale.setDefault(Locale.US); // for which a Formatter needs no locale data
    PrintWriter out = Stdout.writer(FileDescriptor.out);
    System.exit(run(Stdout.charset(), out, Stdout.writer(FileDescriptor.err), args));
  }

  static int run(PrintWriter toOut, PrintWriter toErr, String... args) {
    return run(StandardCharsets.UTF_8, toOut, toErr, args);
  }

  private static int run(Charset charset, PrintWriter toOut, PrintWriter toErr, String... args) {
    PrintWriter out = new PrintWriter(new PrintableWriter(toOut, charset), true);
    PrintWriter err = new PrintWriter(new PrintableWriter(toErr, charset), true);
    try {
      Integer plain = plain(args, out, err);
      int code = plain == null ? AllocmemCommand.execute(args, out, err) : plain;
      boolean isCut = code == 0 && out.checkError() && !Stdout.isPipe();
      return isCut ? explain(new OutputClosed(), false, err) : code;
    } catch (Error e) { // the JVM would print the stack
      return explain(e, false, err);
    }
  }

  /** Returns null if the words need the parser, or if the parser must refuse the words. */
  private static Integer plain(String[] args, PrintWriter out, PrintWriter err) {
    PlainCommand plain = PlainCommand.of(args);
    try {
      return plain == null ? null : plain.execute(args, out, err);
    } catch (IOException | RuntimeException e) {
      return explain(e, false, err);
    }
  }

  /** Prints the failure, and returns the exit code. */
  static int explain(Throwable e, boolean verbose, PrintWriter err) {
    if (e instanceof OutputClosed && Stdout.isPipe()) {
      return ExitCode.OUTPUT_CLOSED.number();
    }
    if (e instanceof OutputClosed) {
      Failure failure = new Failure("cannot write to stdout: closed, or no space left");
      return explain(failure, verbose, err);
    }
    String unforeseen = Printable.of(e + "; --verbose shows where it comes from");
    err.println("allocmem: " + (e instanceof Failure ? e.getMessage() : unforeseen));
    if (verbose) {
      e.printStackTrace(err);
    }
    return codeOf(e).number();
  }

  static ExitCode codeOf(Throwable e) {
    return e instanceof Failure failure ? failure.exitCode() : ExitCode.FAILED;
  }
}
