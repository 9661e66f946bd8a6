package io.allocmem.plan;

/**
 * Amount of memory: a size, or a share of a capacity that is known only inside the JVM. Written
 * {@code 100} (MiB), {@code 2g} or {@code 50%}.
 */
public final class Amount {
  /** No memory at all. */
  public static final Amount NONE = new Amount(ByteSize.ofBytes(0), 0);

  /** Parts of a whole capacity at the finest percentage, 0.001 %. */
  private static final int FINEST = 100_000;

  /** Digits of a percentage behind the point. */
  private static final int PLACES = 3;

  /** Null for a share. */
  private final ByteSize size;

  /** Share in parts of {@link #FINEST}. */
  private final long finest;

  private Amount(ByteSize size, long finest) {
    this.size = size;
    this.finest = finest;
  }

  /**
   * Reads a size or a percentage.
   *
   * @throws IllegalArgumentException with the rule, if the text is neither or over 100 %
   */
  public static Amount parse(String text) {
    if (!text.endsWith("%")) {
      requireNoRatio(text);
      return new Amount(ByteSize.parse(text), 0);
    }
    Scan scan = new Scan(text);
    boolean begins = scan.digits() > 0 && scan.position() <= PLACES;
    int point = scan.position();
    boolean fits = !scan.take('.') || scan.digits() > 0 && scan.position() - point <= PLACES + 1;
    String number = scan.from(0);
    scan.take(' ');
    if (!begins || !fits || !scan.take('%') || !scan.isAtEnd()) {
      throw new IllegalArgumentException("a percentage is 0% to 100%: 50%, 12.5%");
    }
    long finest = Decimal.whole(number) * 1000 + Decimal.fraction(number, PLACES);
    if (finest > FINEST) {
      throw new IllegalArgumentException("a percentage is at most 100%");
    }
    return finest == 0 ? NONE : new Amount(null, finest);
  }

  /** Rejects {@code 0.85}: a person who writes a fill ratio in this way means 85 %. */
  private static void requireNoRatio(String text) {
    int point = text.indexOf('.');
    boolean ratio = point == 0 || point == 1 && text.charAt(0) == '0';
    if (ratio && Scan.isNumber(text, PLACES + 2)) {
      String percent = Decimal.print(Decimal.fraction(text, PLACES + 2), PLACES);
      throw new IllegalArgumentException(text + " what? " + percent + "% or " + text + "g");
    }
  }

  /** Returns true if the amount is zero, in any notation. */
  public boolean isNone() {
    return size != null && size.bytes() == 0;
  }

  /** Returns true if the amount in bytes depends on a capacity. */
  public boolean isShare() {
    return size == null;
  }

  /** Returns true for 100 % of any capacity. */
  public boolean isAll() {
    return size == null && finest == FINEST;
  }

  /**
   * Returns the amount for a capacity. A share is rounded down to whole KiB, the finest unit of
   * options.
   */
  public ByteSize of(long capacity) {
    return size != null ? size : ByteSize.ofBytes(bytesOf(capacity));
  }

  /** Returns the amount for a capacity as a number of bytes. Allocates nothing. */
  public long bytesOf(long capacity) {
    if (size != null) {
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
    return new Amount(of(capacity), 0);
  }

  /** Returns text for people: {@code 512 MiB} or {@code 85 %}. */
  public String toHuman() {
    return size != null ? size.toHuman() : Decimal.print(finest, PLACES) + " %";
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    if (size == null) {
      return Decimal.print(finest, PLACES) + "%";
    }
    return size.bytes() == 0 ? "0" : size.toString();
  }
}
