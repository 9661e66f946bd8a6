package io.allocmem.arguments;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as options write them: numbers with ms, s, m, h or d, as {@code 0.5s} or {@code 1m30s}. */
public final class Durations {
  /** One number with its unit, directly behind the part before. */
  private static final Pattern PART =
      Pattern.compile("\\G(\\d+|\\d*\\.\\d{1,9}) ?(ms|sec|s|min|m|h|d) ?");

  private static final Pattern PLAIN = Pattern.compile("\\d+|\\d*\\.\\d{1,9}");

  /**
   * Maximum of one year. A longer time is a typing error; nanoseconds in a long end at 292 years.
   */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Maximum number of characters of a number; a longer number counts as over a year. */
  private static final int MOST_DIGITS = 22;

  /** Digits of a millisecond down to a nanosecond, and to a microsecond. */
  private static final int NANOS = 6;

  private static final int MICROS = 3;

  private static final String TOO_LONG = "a time is at most 365 days";

  private Durations() {}

  /**
   * Reads {@code 50ms}, {@code 0.5s}, {@code 1m30s} or {@code 1h}. Rounds up to whole milliseconds;
   * a time above zero therefore never becomes zero. A number without a unit is zero or refused:
   * people mean seconds and milliseconds alike.
   *
   * @throws IllegalArgumentException with the rule, if the text is no time or over a year
   */
  public static Duration parse(String text) {
    return parse(text, 0);
  }

  /**
   * @param digits digits of milliseconds behind the decimal point
   */
  private static Duration parse(String text, int digits) {
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("a time is not negative");
    }
    if (PLAIN.matcher(text).matches()) {
      return zero(text);
    }
    BigDecimal millis = millis(text.toLowerCase(Locale.ROOT));
    if (millis.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) > 0) {
      throw new IllegalArgumentException(TOO_LONG);
    }
    BigDecimal rounded = millis.setScale(digits, RoundingMode.CEILING);
    return Duration.ofNanos(rounded.movePointRight(NANOS).longValue());
  }

  /**
   * Reads a delay as {@link #parse} reads a time, but exact to a microsecond: a fast rate needs the
   * precision. A whole number without a unit is milliseconds.
   */
  static Duration parseDelay(String text) {
    return parse(withUnit(text), MICROS);
  }

  /** Returns the text with the unit ms, if the text is a whole number without a unit. */
  static String withUnit(String text) {
    return text.matches("\\d+") ? text + "ms" : text;
  }

  private static Duration zero(String number) {
    if (number.matches("[0.]+")) {
      return Duration.ZERO;
    }
    if (number.length() > MOST_DIGITS) {
      throw new IllegalArgumentException(TOO_LONG);
    }
    throw new IllegalArgumentException(number + " what? " + number + "s or " + number + "ms");
  }

  /** Adds the parts of a time; units stand from the longest to the shortest. */
  private static BigDecimal millis(String text) {
    BigDecimal sum = BigDecimal.ZERO;
    long last = Long.MAX_VALUE;
    int end = 0;
    Matcher part = PART.matcher(text);
    while (part.find() && unit(part.group(2)) < last) {
      last = unit(part.group(2));
      end = part.end();
      boolean fits = part.start(2) - part.start(1) <= MOST_DIGITS;
      BigDecimal number = fits ? new BigDecimal(part.group(1)) : BigDecimal.valueOf(Long.MAX_VALUE);
      sum = sum.add(number.multiply(BigDecimal.valueOf(last)));
    }
    if (end == 0 || end < text.length()) {
      throw new IllegalArgumentException(
          "a time is a number with ms, s, m, h or d: 50ms, 0.5s, 1m30s, 2h");
    }
    return sum;
  }

  private static long unit(String unit) {
    switch (unit) {
      case "ms":
        return 1;
      case "s":
      case "sec":
        return 1_000;
      case "m":
      case "min":
        return 60_000;
      case "h":
        return 3_600_000;
      default:
        return 86_400_000;
    }
  }

  /** Prints a time in the longest unit of a whole number: {@code 90s}, {@code 2h}, {@code 0}. */
  static String print(Duration duration) {
    BigDecimal exact = BigDecimal.valueOf(duration.toNanos(), NANOS);
    long millis = duration.toMillis();
    if (exact.compareTo(BigDecimal.valueOf(millis)) != 0) {
      return exact.stripTrailingZeros().toPlainString() + "ms";
    }
    for (String unit : new String[] {"h", "m", "s"}) {
      if (millis % unit(unit) == 0 && millis > 0) {
        return millis / unit(unit) + unit;
      }
    }
    return millis == 0 ? "0" : millis + "ms";
  }
}
