package io.allocmem.arguments;

/**
 * Reports arguments that make no plan. The message is one sentence for the user: option, value,
 * rule and the valid options.
 */
public final class InvalidArguments extends Exception {
  private static final long serialVersionUID = 1;

  InvalidArguments(String sentence) {
    super(sentence + "; options: " + allNames());
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
