package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Executes a command line with {@code --all} or {@code --match} for one JVM, as if the user had
 * given the PID of this JVM: one JVM and many JVMs have the same command.
 *
 * @param command name of the command
 * @param words words of the command line, without {@code @FILE}
 * @param changed options with other values for a single JVM, by name
 * @param err for messages beside the outcome
 */
record OneOfMany(String command, List<String> words, Map<String, Object> changed, PrintWriter err) {
  /** Beginnings of lines on stderr that the row or the command itself says already. */
  private static final List<String> SAID = List.of("allocmem: ", "See: ", "preset ");

  /** Returns the command line of the command, to be executed per JVM. */
  static OneOfMany of(CommandSpec command, Map<String, Object> changed) {
    List<String> words = command.root().commandLine().getParseResult().expandedArgs();
    return new OneOfMany(
        command.name(), List.copyOf(words), changed, command.commandLine().getErr());
  }

  /**
   * Executes the command for the JVM, and returns the outcome.
   *
   * @throws Failure if the JVM has ended
   */
  Outcome run(ManyTarget jvm) throws IOException {
    jvm.requireAlive();
    StringWriter out = new StringWriter();
    StringWriter messages = new StringWriter();
    CommandLine allocmem =
        AllocmemCommand.commandLine(
            new AllocmemCommand(command),
            new PrintWriter(out, true),
            new PrintWriter(messages, true));
    allocmem.setExpandAtFiles(false);
    allocmem.setExecutionStrategy(
        parsed -> {
          take(jvm.pid(), parsed.subcommand().commandSpec());
          return new CommandLine.RunLast().execute(parsed);
        });
    ExitCode code = ExitCode.of(allocmem.execute(words.toArray(new String[0])));
    String all = messages.toString();
    all.lines().filter(OneOfMany::isFurther).forEach(line -> say(jvm, line));
    String message = all.lines().filter(OneOfMany::isMessage).collect(Collectors.joining("; "));
    return out.toString().isBlank()
        ? Outcome.of(command, jvm, new Verdict(code, message.replace(SAID.get(0), "")))
        : Outcome.of(code, JSON.std.mapFrom(out.toString()));
  }

  private void take(long pid, CommandSpec command) {
    for (String name : ManyChoice.OPTIONS) {
      OptionSpec option = command.findOption(name);
      option.setValue(option.initialValue());
    }
    command.findOption("--json").setValue(true);
    changed.forEach((option, value) -> command.findOption(option).setValue(value));
    command.positionalParameters().get(0).setValue(Long.toString(pid));
  }

  private void say(ManyTarget jvm, String line) {
    err.printf("%d: %s%n", jvm.pid(), line);
  }

  private static boolean isMessage(String line) {
    return line.startsWith(SAID.get(0));
  }

  private static boolean isFurther(String line) {
    return SAID.stream().noneMatch(line::startsWith);
  }
}
