package io.allocmem.launcher;

import io.allocmem.launcher.process.ExitCode;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Adds the commands, and the options from tables, which annotations cannot express. Without a word
 * from the command line, the model has all commands: the generators of the man pages and of the
 * completion read this model.
 *
 * <p>With a word, the model has this command alone. The model of all commands takes a few times as
 * long as most commands do.
 */
final class CommandModel implements IModelTransformer {
  /** Names of the commands, in the order of the help. */
  private static final String[] NAMES = {
    "list", "check", "attach", "status", "watch", "wait", "release", "knee", "renew", "disarm",
    "clean", "report", "run", "pause", "resume"
  };

  private static final List<String> WITH_EXIT_CODES =
      List.of("attach", "run", "wait", "release", "knee");
  private static final List<String> WITH_PLAN = List.of("check", "attach", "run");

  CommandModel() {}

  /**
   * Returns the command that the words name, where the model needs no other command; null for the
   * model of all commands, as for help, for a mistyped command, and for options of a plan alone.
   */
  static String only(String... words) {
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      boolean before = word.equals("--verbose") || i == 0 && word.equals("allocmem");
      if (!before) {
        return commandOf(word) != null ? word : null;
      }
    }
    return null;
  }

  /** A switch, since a table of the classes would load all of the classes. */
  private static Object commandOf(String word) {
    return switch (word) {
      case "list", "ps", "ls" -> new ListCommand();
      case "check" -> new CheckCommand();
      case "attach" -> new AttachCommand();
      case "status" -> new StatusCommand();
      case "watch", "top" -> new WatchCommand();
      case "wait" -> new WaitCommand();
      case "release", "stop" -> new ReleaseCommand();
      case "knee" -> new KneeCommand();
      case "renew" -> new RenewCommand();
      case "disarm" -> new DisarmCommand();
      case "clean" -> new CleanCommand();
      case "report" -> new ReportCommand();
      case "run" -> new RunCommand();
      case "pause" -> ControlCommands.pause();
      case "resume" -> ControlCommands.resume();
      default -> null;
    };
  }

  @Override
  public CommandSpec transform(CommandSpec allocmem) {
    String only = ((AllocmemCommand) allocmem.userObject()).only();
    CommandLine line = allocmem.commandLine();
    for (String name : only == null ? NAMES : new String[] {only}) {
      add(name, line);
    }
    if (only == null) {
      line.addSubcommand(new AutoComplete.GenerateCompletion());
      line.addSubcommand(new HelpCommand());
    }
    addExitCodes(allocmem);
    return allocmem;
  }

  private static void add(String word, CommandLine allocmem) {
    CommandLine added = new CommandLine(commandOf(word));
    CommandSpec command = added.getCommandSpec();
    String name = command.name();
    allocmem.addSubcommand(added);
    if (WITH_EXIT_CODES.contains(name)) {
      addExitCodes(command);
    }
    if (WITH_PLAN.contains(name)) {
      PlanOptions.addTo(command, name.equals("run"));
    }
  }

  private static void addExitCodes(CommandSpec command) {
    command
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.table(ExitCode.values()));
  }
}
