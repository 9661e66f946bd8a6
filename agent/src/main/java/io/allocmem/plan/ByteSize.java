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

  /**
   * Returns text for people: exact in MiB, KiB or bytes, the largest unit that divides the size.
   */
  public String toHuman() {
    if (bytes % MIB == 0) {
      return bytes / MIB + " MiB";
    }
    return bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
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
