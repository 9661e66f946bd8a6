package io.allocmem.launcher;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.PlanOption;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Wording;
import java.util.EnumMap;
import java.util.Map;

/**
 * Words of a command with one PID and the options of a plan, each value in a word of its own. Most
 * attach commands have this form. The words are read by the agent's table of options, without the
 * parser.
 *
 * @param values values of the given options
 */
record PlanWords(long pid, Map<PlanOption, String> values) {
  /** Number of digits of a pid, as in {@code JavaProcess.pidOf}. */
  private static final int MOST_DIGITS = 18;

  /**
   * Reads the words after the name of the command. Returns null if the words need the parser: for
   * another option or another form of an option, for a word that is no PID, and for a mistake.
   */
  static PlanWords of(String... words) {
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    String pid = null;
    for (int at = 1; at < words.length; at++) {
      PlanOption option = named(words[at]);
      if (option == null && pid != null || option == PlanOption.PRESET) { // a preset is printed
        return null;
      }
      boolean hasValue = option != null && option.unit() != null;
      at += hasValue ? 1 : 0;
      String word = at < words.length ? words[at] : "";
      if (option == null) {
        pid = word;
      } else if (hasValue && !isValue(word)
          || values.put(option, hasValue ? word : "true") != null) {
        return null;
      }
    }
    return pid != null && isPid(pid) ? new PlanWords(Long.parseLong(pid), values) : null;
  }

  /** Returns false for a word that the parser may take for something else than a plain value. */
  private static boolean isValue(String word) {
    return !word.isEmpty() && word.indexOf(',') < 0 && "-@\"'".indexOf(word.charAt(0)) < 0;
  }

  /** Returns true for a number that is the pid of a process, or may be. */
  static boolean isPid(String word) {
    boolean number = !word.isEmpty() && word.length() <= MOST_DIGITS;
    for (int i = 0; i < word.length(); i++) {
      number &= word.charAt(i) >= '0' && word.charAt(i) <= '9';
    }
    return number;
  }

  private static PlanOption named(String word) {
    for (PlanOption option : PlanOption.values()) {
      if (!option.isForAgent() && word.startsWith("-")) {
        for (String name : names(option)) {
          if (name.equals(word)) {
            return option;
          }
        }
      }
    }
    return null;
  }

  /** Returns the names of the launcher's option: the letter, if there is one, and the long name. */
  static String[] names(PlanOption option) {
    String longName = "--" + option.launcherName();
    boolean letter = option.shortest().length() == 1;
    return letter ? new String[] {"-" + option.key(), longName} : new String[] {longName};
  }

  /** Returns the plan; null if a value breaks a rule, which the parser says in its own words. */
  HoldPlan plan() {
    Map<PlanOption, String> all = new EnumMap<>(PlanOption.class);
    all.put(PlanOption.BY, LauncherName.self());
    all.putAll(values);
    all.put(PlanOption.WORDS, Wording.LAUNCHER.toString());
    try {
      return AgentArguments.plan(all);
    } catch (InvalidArguments rule) {
      return null;
    }
  }
}
