package io.allocmem.plan;

import java.util.Locale;

/** Whether a plan has an MXBean in its JVM. */
public enum Jmx {
  /** Yes: what it is registered with is made if it is not there. */
  ON,

  /** No. */
  OFF,

  /** Where the application has a platform MBean server already: making one costs some MB. */
  AUTO;

  /**
   * Reads {@code on}, {@code off} or {@code auto}; {@code true} and {@code false} as a flag has.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static Jmx parse(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true") ? ON : OFF;
    }
    for (Jmx jmx : values()) {
      if (jmx.toString().equals(text)) {
        return jmx;
      }
    }
    throw new IllegalArgumentException("jmx is on, off or auto");
  }

  /** As an option: {@code auto}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
