package io.allocmem.launcher.load;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rate of requests.
 *
 * @param perSecond requests per second, 0.1 to 10000
 */
public record Rate(double perSecond) {
  private static final String RULE =
      "a rate is a number of requests per second, 0.1/s to 10000/s: 50/s";
  private static final double LEAST = 0.1;
  private static final double MOST = 10_000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,5}(?:\\.\\d{1,3})?)/s");

  /**
   * @throws IllegalArgumentException with the rule, if the rate is out of bounds
   */
  public Rate {
    if (!(perSecond >= LEAST && perSecond <= MOST)) {
      throw new IllegalArgumentException(RULE);
    }
  }

  /**
   * Reads a rate such as {@code 50/s} or {@code 0.5/s}.
   *
   * @throws IllegalArgumentException with the rule, if the text is no rate
   */
  public static Rate parse(String text) {
    Matcher rate = TEXT.matcher(text);
    if (!rate.matches()) {
      throw new IllegalArgumentException(RULE);
    }
    return new Rate(Double.parseDouble(rate.group(1)));
  }

  /** Returns the time from the start of the schedule to this request, in nanoseconds. */
  long nanosTo(long index) {
    return (long) (index * (NANOS_PER_SECOND / perSecond));
  }

  /** Returns the number of requests that are due at this time after the start, in nanoseconds. */
  long dueBy(long nanos) {
    if (nanos < 0) {
      return 0;
    }
    long due = (long) (nanos * (perSecond / NANOS_PER_SECOND));
    while (nanosTo(due) <= nanos) { // the division may round down
      due++;
    }
    return due;
  }

  /** Returns the rate as {@link #parse} reads it. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(perSecond).stripTrailingZeros().toPlainString() + "/s";
  }
}
