package io.allocmem.plan;

/**
 * Decimal numbers as whole numbers of their last place: 1.25 with three places is 1250. Exact, and
 * without the classes of BigDecimal: on JDK 25 these bring the fork-join pool with them, 25 more.
 */
public final class Decimal {
  private Decimal() {}

  /**
   * Returns the digits before the point.
   *
   * @param number digits, with or without a point
   * @return {@link Long#MAX_VALUE} for more
   */
  public static long whole(String number) {
    int point = number.indexOf('.');
    return digits(number, 0, point < 0 ? number.length() : point);
  }

  /**
   * Returns the digits behind the point, with {@code places} places.
   *
   * @param number digits, with or without a point; at most {@code places} digits behind the point
   */
  public static long fraction(String number, int places) {
    int point = number.indexOf('.');
    if (point < 0) {
      return 0;
    }
    long digits = digits(number, point + 1, number.length());
    for (int place = number.length() - point - 1; place < places; place++) {
      digits *= 10;
    }
    return digits;
  }

  private static long digits(String text, int from, int to) {
    long value = 0;
    for (int at = from; at < to; at++) {
      int digit = text.charAt(at) - '0';
      boolean tooLarge = value > (Long.MAX_VALUE - digit) / 10;
      value = tooLarge ? Long.MAX_VALUE : value * 10 + digit;
    }
    return value;
  }

  /**
   * Prints a number without zeros at its end: 1250 with three places is {@code 1.25}.
   *
   * @param value not negative
   */
  public static String print(long value, int places) {
    long unit = 1;
    for (int place = 0; place < places; place++) {
      unit *= 10;
    }
    StringBuilder text = new StringBuilder().append(value / unit);
    long rest = value % unit;
    text.append(rest > 0 ? "." : "");
    while (rest > 0) {
      unit /= 10;
      text.append(rest / unit);
      rest %= unit;
    }
    return text.toString();
  }
}
