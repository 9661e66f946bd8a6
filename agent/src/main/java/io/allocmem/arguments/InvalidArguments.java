package io.allocmem.arguments;

/**
 * Arguments that make no plan. The message is one sentence for the person who wrote them: option,
 * value, rule and the valid options.
 */
public final class InvalidArguments extends Exception {
  private static final long serialVersionUID = 1;

  /** Enough to recognise what was given; a message is a few lines of a terminal. */
  private static final int LONGEST_QUOTE = 200;

  InvalidArguments(String sentence) {
    super(sentence + "; options: " + allNames());
  }

  /** What was given, for a message: of a long text the beginning. */
  static String cut(String given) {
    boolean fits = given == null || given.length() <= LONGEST_QUOTE;
    return fits ? given : given.substring(0, LONGEST_QUOTE) + "...";
  }

  static String allNames() {
    StringBuilder names = new StringBuilder();
    for (Option option : Option.values()) {
      names.append(names.length() == 0 ? "" : ", ");
      names.append(option.key() == null ? "" : option.key() + "|").append(option.longName());
    }
    return names.toString();
  }
}
