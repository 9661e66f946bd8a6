package io.allocmem.plan;

/** Number of threads that take the blocks of a plan, or all processors of the JVM. Immutable. */
public final class Threads {
  /** The plan's thread alone. */
  public static final Threads ONE = new Threads(1);

  private static final String CORES = "cores";

  /** Digits of the largest number; no machine has more processors. */
  private static final int MOST_DIGITS = 4;

  /** Zero for all processors. */
  private final int number;

  private Threads(int number) {
    this.number = number;
  }

  /**
   * Reads a number or {@code cores}.
   *
   * @throws IllegalArgumentException with the rule
   */
  public static Threads parse(String text) {
    if (text.equalsIgnoreCase(CORES)) {
      return new Threads(0);
    }
    int number = 0;
    boolean valid = !text.isEmpty() && text.length() <= MOST_DIGITS;
    for (int i = 0; i < text.length() && valid; i++) {
      char digit = text.charAt(i);
      valid = digit >= '0' && digit <= '9';
      number = 10 * number + digit - '0';
    }
    if (!valid || number == 0) {
      throw new IllegalArgumentException(
          "it is a number of threads, 1 to the processors of the JVM, or cores for all processors");
    }
    return new Threads(number);
  }

  /** Returns true for the plan's thread alone. */
  public boolean isOne() {
    return number == 1;
  }

  /**
   * Returns the number of threads.
   *
   * @param processors processors that the JVM may use
   */
  public int of(int processors) {
    return number == 0 ? processors : number;
  }

  /** Returns the option text: a number or {@code cores}. */
  @Override
  public String toString() {
    return number == 0 ? CORES : String.valueOf(number);
  }
}
