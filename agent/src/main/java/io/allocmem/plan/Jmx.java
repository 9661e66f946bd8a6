package io.allocmem.plan;

import java.util.Locale;

/** Rule for a plan's MXBean in its JVM. */
public enum Jmx {
  /** Registers the MXBean, and creates the platform MBean server if the JVM has none. */
  ON,

  /** Registers no MXBean. */
  OFF,

  /**
   * Registers the MXBean if the application already has a platform MBean server. Creating a server
   * costs some MB.
   */
  AUTO;

  /**
   * Reads {@code on}, {@code off} or {@code auto} in any case; also {@code true} and {@code false},
   * as for a flag.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static Jmx parse(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true") ? ON : OFF;
    }
    for (Jmx jmx : values()) {
      if (jmx.toString().equalsIgnoreCase(text)) {
        return jmx;
      }
    }
    throw new IllegalArgumentException("jmx is on, off or auto");
  }

  /** Returns the option text: {@code auto}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
