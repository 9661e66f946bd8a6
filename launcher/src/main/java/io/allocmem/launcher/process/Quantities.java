package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import java.util.Locale;

/** Formats values in the unit of their reading for people, with a dash for unknown. */
public final class Quantities {
  private static final double MICROS_OF_MILLI = 1000;
  private static final double MILLIS_OF_SECOND = 1000;
  private static final double THOUSANDTHS_OF_PERCENT = 10;

  /** Milliseconds from which a fraction says nothing. */
  private static final double LONG = 100;

  private Quantities() {}

  /** Returns the formatted value; a dash for {@link Reading#UNKNOWN} and any negative value. */
  public static String of(Reading.Unit unit, long value) {
    if (value < 0) {
      return "-";
    }
    return switch (unit) {
      case BYTES -> Sizes.of(value);
      case MICROS -> time(value / MICROS_OF_MILLI);
      case MILLIS -> time((double) value);
      case THOUSANDTHS -> decimal(1, value / THOUSANDTHS_OF_PERCENT) + " %";
      default -> Long.toString(value);
    };
  }

  private static String time(double millis) {
    return millis < 10 * MILLIS_OF_SECOND
        ? decimal(millis < LONG ? 1 : 0, millis) + " ms"
        : decimal(1, millis / MILLIS_OF_SECOND) + " s";
  }

  /** Returns the number with this many digits after the point. */
  private static String decimal(int digits, double number) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }
}
