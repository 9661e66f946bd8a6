package io.allocmem.plan;

import java.util.Locale;

/** What a plan does once it has reached its limit. */
public enum AtLimit {
  /** Keeps all blocks until it is told to release. */
  HOLD(false),

  /** Gives all of them back, and ends. */
  RELEASE(true),

  /** Gives all of them back and begins again: a saw-tooth. */
  CYCLE(true),

  /** Gives the oldest block back and takes a new one, in every delay: a steady rate. */
  ROTATE(false),

  /** Gives block after block back, as fast as it took them, and ends. */
  RAMP_DOWN(true);

  private final boolean after;

  AtLimit(boolean after) {
    this.after = after;
  }

  /**
   * Reads {@code hold}, {@code ramp-down} and so on.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static AtLimit parse(String text) {
    StringBuilder names = new StringBuilder();
    for (AtLimit afterwards : values()) {
      if (afterwards.toString().equals(text)) {
        return afterwards;
      }
      names.append(names.length() == 0 ? "" : ", ").append(afterwards);
    }
    throw new IllegalArgumentException("then is one of " + names);
  }

  /** Whether blocks are held for a time before it happens. */
  public boolean hasHold() {
    return after;
  }

  /** As an option: {@code ramp-down}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
