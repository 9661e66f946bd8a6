package io.allocmem.plan;

import java.util.Locale;

/** Action of a plan at its limit. */
public enum AtLimit {
  /** Keeps all blocks until a release command. */
  HOLD(false),

  /** Releases all blocks and ends the plan. */
  RELEASE(true),

  /** Releases all blocks and begins again: a saw-tooth. */
  CYCLE(true),

  /** Releases the oldest block and takes a new block in every delay: a steady allocation rate. */
  ROTATE(false),

  /** Releases block after block at the pace of the allocation, and ends the plan. */
  RAMP_DOWN(true);

  private final boolean after;

  AtLimit(boolean after) {
    this.after = after;
  }

  /**
   * Reads {@code hold}, {@code ramp-down} or the name of another action, in any case.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static AtLimit parse(String text) {
    StringBuilder names = new StringBuilder();
    for (AtLimit afterwards : values()) {
      if (afterwards.toString().equalsIgnoreCase(text)) {
        return afterwards;
      }
      names.append(names.length() == 0 ? "" : ", ").append(afterwards);
    }
    throw new IllegalArgumentException("then is one of " + names);
  }

  /** Returns true if the plan holds its blocks for a time before the action. */
  public boolean hasHold() {
    return after;
  }

  /** Returns the option text: {@code ramp-down}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
