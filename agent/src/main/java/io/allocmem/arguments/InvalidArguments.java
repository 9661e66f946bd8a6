package io.allocmem.arguments;

import io.allocmem.plan.Wording;

/**
 * Reports arguments that make no plan. The message is one sentence for the user: option, value,
 * rule, and the valid options of the agent.
 */
public final class InvalidArguments extends Exception {
  private static final long serialVersionUID = 1;

  private PlanOption option;
  private String rule;

  /**
   * @param wording notation of the options in the sentence; the names of all options follow in the
   *     notation of the agent only, since the launcher has its help
   */
  InvalidArguments(String sentence, Wording wording) {
    super(wording == Wording.AGENT ? sentence + "; options: " + allNames() : sentence);
  }

  /** Reports a value that breaks a rule of its option. */
  InvalidArguments(PlanOption option, String value, String rule, Wording wording) {
    this("invalid option " + wording.option(option.letter(), value) + ": " + rule, wording);
    this.option = option;
    this.rule = rule;
  }

  /** Returns the option with an invalid value; null if no single value is invalid. */
  public PlanOption option() {
    return option;
  }

  /** Returns the rule that the value of {@link #option} breaks; null if there is no such option. */
  public String rule() {
    return rule;
  }

  static String allNames() {
    StringBuilder names = new StringBuilder();
    for (PlanOption option : PlanOption.values()) {
      names.append(names.length() == 0 ? "" : ", ");
      names.append(option.key() == null ? "" : option.key() + "|").append(option.longName());
    }
    return names.toString();
  }
}
