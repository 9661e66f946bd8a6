package io.allocmem.arguments;

import io.allocmem.plan.Decimal;
import io.allocmem.plan.Scan;
import java.time.Duration;
import java.util.Locale;

/** Times as options write them: numbers with ms, s, m, h or d, as {@code 0.5s} or {@code 1m30s}. */
public final class Durations {
  /** Maximum number of digits behind the point. */
  private static final int PLACES = 9;

  /** Parts of a millisecond: 10 to the power of {@link #PLACES}. */
  private static final long PARTS = 1_000_000_000;

  /**
   * Maximum of one year. A longer time is a typing error; nanoseconds in a long end at 292 years.
   */
  private static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

  /** Maximum number of characters of a number; a longer number counts as over a year. */
  private static final int MOST_DIGITS = 22;

  /** Digits of a millisecond down to a nanosecond. */
  private static final int NANOS = 6;

  private static final long NANOS_OF_MILLI = 1_000_000;

  /** Parts of a microsecond, and of a nanosecond. */
  private static final long MICRO_PARTS = 1_000_000;

  private static final long NANO_PARTS = 1_000;

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
    return parse(text, PARTS);
  }

  /**
   * @param step parts of a millisecond to round up to
   */
  private static Duration parse(String text, long step) {
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("a time is not negative");
    }
    if (Scan.isNumber(text, PLACES)) {
      return zero(text);
    }
    return rounded(new Scan(text.toLowerCase(Locale.ROOT)), step);
  }

  /**
   * Reads a delay as {@link #parse} reads a time, but exact to a microsecond: a fast rate needs the
   * precision. A whole number without a unit is milliseconds.
   */
  static Duration parseDelay(String text) {
    return parse(withUnit(text), MICRO_PARTS);
  }

  /** Returns the text with the unit ms, if the text is a whole number without a unit. */
  static String withUnit(String text) {
    return Scan.isWhole(text, Integer.MAX_VALUE) ? text + "ms" : text;
  }

  private static Duration zero(String number) {
    if (Decimal.whole(number) == 0 && Decimal.fraction(number, PLACES) == 0) {
      return Duration.ZERO;
    }
    if (number.length() > MOST_DIGITS) {
      throw new IllegalArgumentException(TOO_LONG);
    }
    throw new IllegalArgumentException(number + " what? " + number + "s or " + number + "ms");
  }

  /** Adds the parts of a time; units stand from the longest to the shortest. */
  private static Duration rounded(Scan text, long step) {
    long unit = Long.MAX_VALUE;
    long millis = 0;
    long parts = 0;
    boolean fits = true;
    do {
      int start = text.position();
      boolean begins = text.number(PLACES);
      String number = text.from(start);
      unit = nextUnit(begins, text, unit);
      long whole = Decimal.whole(number);
      fits &= number.length() <= MOST_DIGITS && whole <= LONGEST_MILLIS;
      long fraction = Decimal.fraction(number, PLACES) * unit;
      millis += fits ? whole * unit + fraction / PARTS : 0;
      parts += fraction % PARTS;
    } while (!text.isAtEnd());
    millis += parts / PARTS;
    parts %= PARTS;
    if (!fits || millis > LONGEST_MILLIS || millis == LONGEST_MILLIS && parts > 0) {
      throw new IllegalArgumentException(TOO_LONG);
    }
    long nanos = (parts + step - 1) / step * step / NANO_PARTS;
    return Duration.ofNanos(millis * NANOS_OF_MILLI + nanos);
  }

  /** Reads the unit behind a number, and returns its milliseconds. */
  private static long nextUnit(boolean begins, Scan text, long last) {
    text.take(' ');
    String word = begins ? text.takeOne("ms", "sec", "s", "min", "m", "h", "d") : null;
    long unit = word == null ? last : unit(word);
    if (unit >= last) {
      throw new IllegalArgumentException(
          "a time is a number with ms, s, m, h or d: 50ms, 0.5s, 1m30s, 2h");
    }
    text.take(' ');
    return unit;
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
    long nanos = duration.toNanos();
    long millis = duration.toMillis();
    if (nanos % NANOS_OF_MILLI != 0) {
      return Decimal.print(nanos, NANOS) + "ms";
    }
    for (String unit : new String[] {"h", "m", "s"}) {
      if (millis % unit(unit) == 0 && millis > 0) {
        return millis / unit(unit) + unit;
      }
    }
    return millis == 0 ? "0" : millis + "ms";
  }
}
