package io.allocmem.launcher;

import io.allocmem.control.Printable;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.OutputClosed;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The parsed command line: parses the arguments and calls a command. */
@Command(
    name = "allocmem",
    description = {
      "A memory leak you control, inside somebody else's JVM.",
      "Allocates memory block by block, holds and counts the blocks, and releases all."
    },
    mixinStandardHelpOptions = true,
    versionProvider = AllocmemCommand.Version.class,
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
final class AllocmemCommand {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show the stack trace of a failure")
  boolean verbose;

  /** Word of the only command in the model; null for the model of all commands. */
  private final String only;

  /** Creates the command line with all commands. */
  AllocmemCommand() {
    this(null);
  }

  /**
   * @param only word of the only command in the model; null for the model of all commands
   */
  AllocmemCommand(String only) {
    this.only = only;
  }

  String only() {
    return only;
  }

  /** Executes the words, and returns the exit code. */
  static int execute(String[] words, PrintWriter out, PrintWriter err) {
    AllocmemCommand allocmem = new AllocmemCommand(CommandModel.only(words));
    CommandLine commandLine = commandLine(allocmem, out, err);
    String unread = OptionsFile.problem(words);
    if (unread != null) {
      err.println("allocmem: " + unread);
      return ExitCode.USAGE.number();
    }
    try {
      return commandLine.execute(withCommand(words, commandLine));
    } catch (Error e) { // picocli does not catch errors, and the JVM would print the stack
      return Launcher.explain(e, allocmem.verbose, err);
    }
  }

  static CommandLine commandLine(AllocmemCommand allocmem, PrintWriter out, PrintWriter err) {
    return new CommandLine(allocmem)
        .setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(AllocmemCommand::explainUsage)
        .setExecutionExceptionHandler((e, command, line) -> allocmem.explain(e, command, err));
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
    int code = Launcher.explain(e, verbose, err);
    for (Object mixin : command.getMixins().values()) {
      if (mixin instanceof JsonOption json && !(e instanceof OutputClosed)) {
        json.end(Launcher.codeOf(e), Printable.of(String.valueOf(e.getMessage())));
      }
    }
    return code;
  }

  /** Provides the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "allocmem " + AllocmemCommand.class.getPackage().getImplementationVersion()
      };
    }
  }
}
