package io.allocmem.plan;

import java.math.BigDecimal;

/**
 * Amount of memory: a size, or a share of a capacity that is known only inside the JVM. Written
 * {@code 100} (MiB), {@code 2g} or {@code 50%}.
 */
public final class Amount {
  /** No memory at all. */
  public static final Amount NONE = new Amount(ByteSize.ofBytes(0), null);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Parts of a whole capacity at the finest percentage, 0.001 %. */
  private static final int FINEST = 100_000;

  private final ByteSize size;
  private final BigDecimal percent;
  private final long finest;

  private Amount(ByteSize size, BigDecimal percent) {
    this.size = size;
    this.percent = percent;
    this.finest = percent == null ? 0 : percent.movePointRight(3).longValue();
  }

  /**
   * Reads a size or a percentage.
   *
   * @throws IllegalArgumentException with the rule, if the text is neither or over 100 %
   */
  public static Amount parse(String text) {
    if (!text.endsWith("%")) {
      requireNoRatio(text);
      return new Amount(ByteSize.parse(text), null);
    }
    if (!text.matches("\\d{1,3}(\\.\\d{1,3})? ?%")) {
      throw new IllegalArgumentException("a percentage is 0% to 100%: 50%, 12.5%");
    }
    String number = text.substring(0, text.length() - 1).trim();
    BigDecimal percent = new BigDecimal(number).stripTrailingZeros();
    if (percent.compareTo(HUNDRED) > 0) {
      throw new IllegalArgumentException("a percentage is at most 100%");
    }
    return percent.signum() == 0 ? NONE : new Amount(null, percent);
  }

  /** Rejects {@code 0.85}: a person who writes a fill ratio in this way means 85 %. */
  private static void requireNoRatio(String text) {
    if (text.matches("0?\\.\\d{1,5}")) {
      String percent = new BigDecimal(text).movePointRight(2).stripTrailingZeros().toPlainString();
      throw new IllegalArgumentException(text + " what? " + percent + "% or " + text + "g");
    }
  }

  /** Returns true if the amount is zero, in any notation. */
  public boolean isNone() {
    return size != null && size.bytes() == 0;
  }

  /** Returns true if the amount in bytes depends on a capacity. */
  public boolean isShare() {
    return percent != null;
  }

  /** Returns true for 100 % of any capacity. */
  public boolean isAll() {
    return percent != null && percent.compareTo(HUNDRED) == 0;
  }

  /**
   * Returns the amount for a capacity. A share is rounded down to whole KiB, the finest unit of
   * options.
   */
  public ByteSize of(long capacity) {
    return percent == null ? size : ByteSize.ofBytes(bytesOf(capacity));
  }

  /** Returns the amount for a capacity as a number of bytes. Allocates nothing. */
  public long bytesOf(long capacity) {
    if (percent == null) {
      return size.bytes();
    }
    long all = capacity >> 10;
    long kib = all / FINEST * finest + all % FINEST * finest / FINEST;
    return Math.max(1, kib) << 10; // never zero: an amount of 0 has its own meaning
  }

  /** Returns the size; undefined for a share. */
  public ByteSize size() {
    return size;
  }

  /** Returns the amount as a size, for a known capacity. */
  Amount within(long capacity) {
    return new Amount(of(capacity), null);
  }

  /** Returns text for people: {@code 512 MiB} or {@code 85 %}. */
  public String toHuman() {
    return percent == null ? size.toHuman() : percent.toPlainString() + " %";
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    if (percent != null) {
      return percent.toPlainString() + "%";
    }
    return size.bytes() == 0 ? "0" : size.toString();
  }
}
