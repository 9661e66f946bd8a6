package io.allocmem.plan;

import java.util.Locale;

/**
 * Notation of options in messages about a plan. A message names the options in the notation of the
 * person who reads the message.
 */
public enum Wording {
  /** Arguments of the agent: {@code x=512m}, {@code until=85%}. */
  AGENT,

  /** Options of the launcher: {@code -x 512m}, {@code --until 85%}. */
  LAUNCHER;

  /**
   * Reads {@code agent} or {@code launcher}.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static Wording parse(String text) {
    for (Wording wording : values()) {
      if (wording.toString().equals(text)) {
        return wording;
      }
    }
    throw new IllegalArgumentException("words is agent or launcher");
  }

  /**
   * Returns the name of an option.
   *
   * @param name letter of the option; long name if the option has no letter
   */
  public String option(String name) {
    if (this == AGENT) {
      return name.equals("hold-time") ? "hold" : name; // the launcher's --hold is another option
    }
    return (name.length() == 1 ? "-" : "--") + name;
  }

  /** Returns the name and the value of an option. */
  public String option(String name, Object value) {
    return option(name) + (this == AGENT ? "=" : " ") + value;
  }

  /** Returns the option text; {@link #parse} reads the text back. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
