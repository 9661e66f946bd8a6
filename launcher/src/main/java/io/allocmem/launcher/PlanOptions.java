package io.allocmem.launcher;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.PlanOption;
import io.allocmem.arguments.Preset;
import io.allocmem.plan.Excerpt;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Wording;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The agent's options as launcher options, created from the agent's option table. */
final class PlanOptions {
  private static final List<PlanOption> OPTIONS =
      Stream.of(PlanOption.values()).filter(option -> !option.isForAgent()).toList();

  /** Maximum bytes of a value in an error message. */
  private static final int MOST_SHOWN = 120;

  private PlanOptions() {}

  /**
   * @param alone true for a command with its own JVM; such a command logs each block by default
   */
  static void addTo(CommandSpec command, boolean alone) {
    command.usageMessage().sortOptions(false).showAtFileInUsageHelp(true);
    for (PlanOption option : OPTIONS) {
      OptionSpec.Builder spec =
          OptionSpec.builder(PlanWords.names(option))
              .order(option.ordinal() - OPTIONS.size() - 1) // before the command's own, -1
              .description((option.help() + byDefault(option)).replace("%", "%%"));
      if (option.unit() == null) {
        spec.type(boolean.class).arity("0");
        spec.initialValue(alone && option == PlanOption.LOG_BLOCKS);
      } else {
        spec.type(String.class).paramLabel(option.unit());
      }
      command.addOption(spec.build());
    }
  }

  private static String byDefault(PlanOption option) {
    boolean said = option.unit() != null && option.byDefault() != null;
    return said ? " (default: " + option.byDefault() + ")" : "";
  }

  /** Returns the sentence for an invalid value, with the option as the person typed the option. */
  static String invalid(CommandSpec command, PlanOption option, String value, String rule) {
    String longName = "--" + option.launcherName();
    ParseResult typed = command.commandLine().getParseResult();
    boolean isLong = typed.originalArgs().stream().anyMatch(word -> word.startsWith(longName));
    String name = isLong ? longName : Wording.LAUNCHER.option(option.letter());
    String given = Excerpt.of(value, MOST_SHOWN);
    return "invalid option %s %s: %s".formatted(name, given, rule);
  }

  /** Returns true if the options give an amount; without an amount the options make no plan. */
  static boolean hasAmount(CommandSpec command) {
    return Stream.of(PlanOption.LIMIT, PlanOption.UNTIL, PlanOption.PRESET)
        .anyMatch(option -> command.findOption(option.launcherName()).getValue() != null);
  }

  /**
   * Returns the plan from the given options.
   *
   * @param otherwise values of options that are not given
   * @throws ParameterException with the broken rule
   */
  static HoldPlan planOf(CommandSpec command, Map<PlanOption, String> otherwise) {
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    values.putAll(otherwise);
    values.put(PlanOption.WORDS, Wording.LAUNCHER.toString());
    for (PlanOption option : OPTIONS) {
      Object given = command.findOption(option.launcherName()).getValue();
      if (given instanceof String text && text.contains(",")) {
        throw new ParameterException(
            command.commandLine(), invalid(command, option, text, "one value, without a comma"));
      }
      if (given != null && !given.equals(false)) {
        values.put(option, given.toString());
      }
    }
    try {
      HoldPlan plan = AgentArguments.plan(values);
      printPreset(command, values);
      return plan;
    } catch (InvalidArguments e) {
      PlanOption option = e.option();
      String sentence =
          option == null ? e.getMessage() : invalid(command, option, values.get(option), e.rule());
      throw new ParameterException(command.commandLine(), sentence, e);
    }
  }

  /** Prints the options that a preset stands for; on stderr, since stdout may be JSON. */
  private static void printPreset(CommandSpec command, Map<PlanOption, String> values) {
    Map<PlanOption, String> added = Preset.optionsFor(values);
    if (values.containsKey(PlanOption.PRESET)) {
      String words =
          added.keySet().stream()
              .map(option -> PlanWords.names(option)[0] + " " + added.get(option))
              .collect(Collectors.joining(" "));
      String name = values.get(PlanOption.PRESET).toLowerCase(Locale.ROOT);
      String all = added.isEmpty() ? "no option beside the given options" : words;
      command.commandLine().getErr().printf("preset %s: %s%n", name, all);
    }
  }
}
