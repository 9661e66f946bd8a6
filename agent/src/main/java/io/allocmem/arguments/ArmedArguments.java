package io.allocmem.arguments;

import io.allocmem.plan.Excerpt;
import io.allocmem.plan.Wording;
import java.util.HashSet;
import java.util.Set;

/**
 * Arguments of an agent that holds nothing and waits for plans: {@code armed,ttl=8h,by=WHO}. The
 * agent's entry point removes the option {@code main}.
 */
public final class ArmedArguments {
  /** First word of the arguments, and the name of the agent's file after the pid. */
  static final String WORD = "armed";

  private static final int MOST_SHOWN = 120;
  private static final String OPTIONS = "ttl=TIME, by=WHO, oom=allow, main=PART";

  private final String arguments;
  private long ttlNanos;
  private String by;
  private boolean allowOutOfMemory;

  private ArmedArguments(String arguments) {
    this.arguments = arguments;
  }

  /** Returns true for arguments of an armed agent, valid or not. */
  public static boolean isArmed(String arguments) {
    return (arguments + ",").startsWith(WORD + ",");
  }

  /**
   * Refuses the word in another place or spelling than of an armed agent: the list of the options
   * of a plan would not help.
   */
  static void requireNone(String[] parts) throws InvalidArguments {
    for (String part : parts) {
      String name = part.substring(0, (part + '=').indexOf('=')).trim();
      if (name.equalsIgnoreCase(WORD)) {
        throw new InvalidArguments(
            "'" + WORD + "' is the first word, without a value: armed, then " + OPTIONS,
            Wording.LAUNCHER);
      }
    }
  }

  /**
   * Reads the arguments.
   *
   * @throws InvalidArguments with one sentence: option, value, rule
   */
  public static ArmedArguments parse(String arguments) throws InvalidArguments {
    ArmedArguments armed = new ArmedArguments(arguments);
    Set<String> given = new HashSet<>();
    String[] parts = arguments.split(",", -1);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
      if (!given.add(name)) {
        throw new InvalidArguments("option " + name + " is given twice", Wording.LAUNCHER);
      }
      armed.read(parts[i], name, equals < 0 ? "" : parts[i].substring(equals + 1));
    }
    return armed;
  }

  private void read(String part, String name, String value) throws InvalidArguments {
    try {
      switch (name) {
        case "ttl":
          ttlNanos = Durations.parse(value).toNanos(); // the JDK loads 30 classes for a time
          break;
        case "by":
          by = OptionValues.who(value);
          break;
        case "oom":
          allowOutOfMemory = OptionValues.either(value, "allow", "refuse");
          break;
        default:
          throw new IllegalArgumentException("an armed agent takes " + OPTIONS);
      }
    } catch (IllegalArgumentException rule) {
      String shown = Excerpt.of(part, MOST_SHOWN);
      throw new InvalidArguments(
          "invalid option " + shown + ": " + rule.getMessage(), Wording.LAUNCHER);
    }
  }

  /** Returns the nanoseconds until the arming ends by itself; zero for never. */
  public long ttlNanos() {
    return ttlNanos;
  }

  /** Returns who arms the JVM, for people; null if not given. */
  public String by() {
    return by;
  }

  /** Returns true if plans may risk an OutOfMemoryError that ends the JVM or writes a dump. */
  public boolean allowsOutOfMemory() {
    return allowOutOfMemory;
  }

  /** Returns the arguments as given. */
  @Override
  public String toString() {
    return arguments;
  }
}
