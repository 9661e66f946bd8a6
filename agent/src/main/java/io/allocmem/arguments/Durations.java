package io.allocmem.arguments;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as options write them: a whole number, plain for ms, or with ms, s, m or h. */
public final class Durations {
  private static final Pattern TEXT = Pattern.compile("(\\d+)(ms|s|m|h)?");

  /**
   * Maximum of one year. A longer time is a typing error; nanoseconds in a long end at 292 years.
   */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Maximum number of digits: as many hours still fit in a long as milliseconds. */
  private static final int MOST_DIGITS = 12;

  private Durations() {}

  /**
   * Reads {@code 500} (ms), {@code 50ms}, {@code 1s} or {@code 2m}.
   *
   * @throws IllegalArgumentException with the rule, if the text is no time or over a year
   */
  public static Duration parse(String text) {
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("a time is not negative");
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a time is a whole number of ms, or one with ms, s, m or h: 500, 50ms, 1s, 2m");
    }
    String digits = matcher.group(1);
    long number = digits.length() > MOST_DIGITS ? LONGEST.toMillis() + 1 : Long.parseLong(digits);
    Duration duration = Duration.ofMillis(number * millis(matcher.group(2)));
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a time is at most 365 days");
    }
    return duration;
  }

  private static long millis(String unit) {
    if (unit == null || unit.equals("ms")) {
      return 1;
    }
    return unit.equals("s") ? 1_000 : unit.equals("m") ? 60_000 : 3_600_000;
  }

  static String print(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
