package io.allocmem.launcher;

import io.allocmem.arguments.PlanOption;
import io.allocmem.plan.Excerpt;
import io.allocmem.plan.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Recognises arguments of the agent on the command line, and translates them into options. */
final class AgentWords {
  /** Maximum bytes of the typed text, and of the options, in an error message. */
  private static final int MOST_SHOWN = 200;

  private AgentWords() {}

  /**
   * Returns a sentence with the options that the words stand for, as {@code -m 100 -x 2048} for
   * {@code m=100,x=2048}; empty if no word is made of arguments of the agent.
   */
  static Optional<String> suggestion(String... words) {
    List<String> typed = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String word : words) {
      List<String> parts = Stream.of(word.split(",", -1)).map(AgentWords::option).toList();
      if (word.contains("=") && !parts.contains(null)) {
        typed.add(word);
        options.addAll(parts);
      }
    }
    return typed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "'%s' is for the agent (-javaagent); the options of the launcher: %s"
                .formatted(shown(typed), shown(options)));
  }

  private static String shown(List<String> words) {
    return Excerpt.of(String.join(" ", words), MOST_SHOWN);
  }

  /** Returns null if the text is no argument of the agent that the launcher has as an option. */
  private static String option(String argument) {
    String[] pair = argument.split("=", 2);
    for (PlanOption option : PlanOption.values()) {
      boolean named = pair[0].equals(option.key()) || pair[0].equals(option.longName());
      boolean flag = option.unit() == null;
      if (named && !option.isForAgent() && (flag || pair.length == 2)) {
        return flag
            ? Wording.LAUNCHER.option(option.letter())
            : Wording.LAUNCHER.option(option.letter(), quoted(pair[1]));
      }
    }
    return null;
  }

  private static String quoted(String value) {
    return value.matches("[^ '\"$&;|<>()*?`\\\\]+") ? value : "'" + value + "'";
  }
}
