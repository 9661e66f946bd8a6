package io.allocmem.plan;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amount of memory, exact to the byte. Written {@code 100} (MiB), {@code 64m}, {@code 2g} or {@code
 * 512k}; never negative.
 */
public final class ByteSize {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** Maximum number of digits that surely fit in a long. */
  private static final int LONGEST = 18;

  /** Maximum number for people: four digits. */
  private static final long MOST = 9999;

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private static final Pattern TEXT = Pattern.compile("(\\d+)([kmg]?)");

  private final long bytes;

  private ByteSize(long bytes) {
    this.bytes = bytes;
  }

  /**
   * Creates a size from a number of bytes.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static ByteSize ofBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
    return new ByteSize(bytes);
  }

  /**
   * Reads {@code 100} (MiB), {@code 512k}, {@code 64m} or {@code 2g}.
   *
   * @throws IllegalArgumentException with the rule, if the text is no size or over 2^63 bytes
   */
  public static ByteSize parse(String text) {
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("a size is not negative");
    }
    Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a size is a whole number of MiB, or one with k, m or g: 100, 512k, 64m, 2g");
    }
    long unit = unit(matcher.group(2));
    String digits = matcher.group(1);
    long number = digits.length() > LONGEST ? Long.MAX_VALUE : Long.parseLong(digits);
    if (number > Long.MAX_VALUE / unit) {
      throw new IllegalArgumentException("a size is at most 8 EiB");
    }
    return new ByteSize(number * unit);
  }

  private static long unit(String suffix) {
    switch (suffix) {
      case "k":
        return KIB;
      case "g":
        return GIB;
      default:
        return MIB;
    }
  }

  /** Returns the size in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Returns text for people, as {@link #tenthsOf} and {@link #unitOf} give. */
  public String toHuman() {
    long tenths = tenthsOf(bytes);
    String fraction = tenths % 10 == 0 ? "" : "." + tenths % 10;
    return tenths / 10 + fraction + " " + unitOf(bytes);
  }

  /**
   * Returns the number for people, in tenths of {@link #unitOf}: one decimal below 1000, none from
   * 1000 on, so at most four digits. Allocates nothing.
   *
   * @param bytes not negative
   */
  public static long tenthsOf(long bytes) {
    int unit = indexOf(bytes);
    long tenths = Math.round(10 * in(unit, bytes));
    return tenths < 10_000 ? tenths : 10 * Math.round(in(unit, bytes));
  }

  /**
   * Returns the unit for people: KiB below 1 MiB, MiB up to 9999 MiB, then the first unit with at
   * most four digits. A plan that grows to 2100 MiB thus keeps its unit. Allocates nothing.
   *
   * @param bytes not negative
   */
  public static String unitOf(long bytes) {
    return UNITS[indexOf(bytes)];
  }

  private static int indexOf(long bytes) {
    int unit = bytes > 0 && bytes < MIB ? 0 : 1;
    while (Math.round(in(unit, bytes)) > MOST) {
      unit++;
    }
    return unit;
  }

  private static double in(int unit, long bytes) {
    return bytes / (double) (KIB << 10 * unit);
  }

  /** Returns the option text. {@link #parse} reads whole KiB back; options have no finer size. */
  @Override
  public String toString() {
    if (bytes % GIB == 0 && bytes > 0) {
      return bytes / GIB + "g";
    }
    return bytes % MIB == 0 ? bytes / MIB + "m" : bytes / KIB + "k";
  }
}
