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
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Command line: parses the arguments, calls a command, and prints every failure as plain lines. */
@Command(
    name = "allocmem",
    description = {
      "A memory leak you control, inside somebody else's JVM.",
      "Allocates memory block by block, holds and counts the blocks, and releases all."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Launcher.Version.class,
    modelTransformer = CommandModel.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  allocmem list                                the JVMs and their plans",
      "  allocmem check 4711 -m 100 -x 2048           can that plan start there",
      "  allocmem attach 4711 -m 100 -x 2048 -f 0.25  leak 2100 MiB in JVM 4711",
      "  allocmem watch 4711                          live; pause, resume, release",
      "  allocmem release 4711                        release all blocks",
      "  allocmem clean                               remove what killed JVMs left",
      "  allocmem report record.jsonl                 a page with charts of a record",
      "  allocmem run -m 100 -x 2048                  leak alone, until Ctrl+C"
    })
public final class Launcher {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show the stack trace of a failure")
  boolean verbose;

  /** Word of the only command in the model; null for the model of all commands. */
  private final String only;

  /** Creates the command line with all commands. */
  Launcher() {
    this(null);
  }

  /**
   * @param only word of the only command in the model; null for the model of all commands
   */
  Launcher(String only) {
    this.only = only;
  }

  String only() {
    return only;
  }

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

  static int run(Charset charset, PrintWriter toOut, PrintWriter toErr, String... args) {
    PrintWriter out = new PrintWriter(new PrintableWriter(toOut, charset), true);
    PrintWriter err = new PrintWriter(new PrintableWriter(toErr, charset), true);
    Launcher launcher = new Launcher(CommandModel.only(args));
    try {
      PlainCommand plain = PlainCommand.of(args);
      Integer done = plain == null ? null : launcher.execute(plain, args, out, err);
      int code = done == null ? launcher.execute(args, out, err) : done;
      boolean isCut = code == 0 && out.checkError() && !Stdout.isPipe();
      return isCut ? launcher.explain(new OutputClosed(), err) : code;
    } catch (Error e) { // picocli does not catch errors, and the JVM would print the stack
      return launcher.explain(e, err);
    }
  }

  /** Returns null if the parser must refuse the words. */
  private Integer execute(PlainCommand plain, String[] args, PrintWriter out, PrintWriter err) {
    try {
      return plain.execute(args, out, err);
    } catch (IOException | RuntimeException e) {
      return explain(e, err);
    }
  }

  private int execute(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = commandLine(this, out, err);
    String unread = OptionsFile.problem(args);
    if (unread != null) {
      err.println("allocmem: " + unread);
      return ExitCode.USAGE.number();
    }
    return commandLine.execute(withCommand(args, commandLine));
  }

  static CommandLine commandLine(Launcher launcher, PrintWriter out, PrintWriter err) {
    return new CommandLine(launcher)
        .setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(Launcher::explainUsage)
        .setExecutionExceptionHandler((e, command, line) -> launcher.explain(e, command, err));
  }

  /**
   * Puts {@code run} before the options of a plan without a command. The options of allocmem itself
   * may come first. Removes a first word {@code allocmem}: where an image has an entry point,
   * people type the name again.
   */
  static String[] withCommand(String[] words, CommandLine allocmem) {
    boolean named = words.length > 0 && words[0].equals(allocmem.getCommandName());
    String[] args = named ? Arrays.copyOfRange(words, 1, words.length) : words;
    for (String arg : args) {
      if (allocmem.getCommandSpec().findOption(arg) == null) {
        boolean alone = arg.startsWith("-");
        return alone
            ? Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new)
            : args;
      }
    }
    return args;
  }

  private static int explainUsage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    if (args.length == 0) {
      command.usage(command.getErr());
      return ExitCode.USAGE.number();
    }
    Optional<String> forTheAgent =
        e instanceof UnmatchedArgumentException ? AgentWords.suggestion(args) : Optional.empty();
    command.getErr().println("allocmem: " + forTheAgent.orElse(e.getMessage()));
    if (forTheAgent.isEmpty()) {
      UnmatchedArgumentException.printSuggestions(e, command.getErr());
    }
    command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  /** Explains a failure to people, and with {@code --json} to scripts as well. */
  private int explain(Throwable e, CommandLine command, PrintWriter err) throws IOException {
    int code = explain(e, err);
    for (Object mixin : command.getMixins().values()) {
      if (mixin instanceof JsonOption json && !(e instanceof OutputClosed)) {
        json.end(codeOf(e), Printable.of(String.valueOf(e.getMessage())));
      }
    }
    return code;
  }

  private static ExitCode codeOf(Throwable e) {
    return e instanceof Failure failure ? failure.exitCode() : ExitCode.FAILED;
  }

  private int explain(Throwable e, PrintWriter err) {
    if (e instanceof OutputClosed && Stdout.isPipe()) {
      return ExitCode.OUTPUT_CLOSED.number();
    }
    if (e instanceof OutputClosed) {
      return explain(new Failure("cannot write to stdout: closed, or no space left"), err);
    }
    String unforeseen = Printable.of(e + "; --verbose shows where it comes from");
    err.println("allocmem: " + (e instanceof Failure ? e.getMessage() : unforeseen));
    if (verbose) {
      e.printStackTrace(err);
    }
    return codeOf(e).number();
  }

  /** Provides the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"allocmem " + Launcher.class.getPackage().getImplementationVersion()};
    }
  }
}
