package io.allocmem.plan;

/** Share of each block that is touched, 0 to 1. Written {@code 0.25} or {@code 25%}. */
public final class FillRatio {
  private static final String RULE = "a fill ratio is 0 to 1, or 0% to 100%: 0.25, 25%";

  /** Digits behind the point: two more than a percentage, which is printed as a share. */
  private static final int PLACES = 11;

  /** Maximum number of digits before the point. */
  private static final int MOST_DIGITS = 9;

  /** Parts of a whole block: 10 to the power of {@link #PLACES}. */
  private static final long WHOLE = 100_000_000_000L;

  /** A product of parts below this number and of a rest below {@link #WHOLE} fits a long. */
  private static final long SPLIT = 1_000_000;

  /** Share in parts of {@link #WHOLE}. */
  private final long parts;

  private FillRatio(long parts) {
    this.parts = parts;
  }

  /**
   * Reads {@code 0.25} or {@code 25%}.
   *
   * @throws IllegalArgumentException with the rule, if the text is no number or outside 0 to 1
   */
  public static FillRatio parse(String text) {
    boolean percent = text.endsWith("%");
    String digits = percent ? text.substring(0, text.length() - 1).trim() : text;
    int places = percent ? PLACES - 2 : PLACES;
    int point = digits.indexOf('.');
    boolean fits = (point < 0 ? digits.length() : point) <= MOST_DIGITS;
    if (!fits || !Scan.isNumber(digits, places) || Decimal.whole(digits) > 100) {
      throw new IllegalArgumentException(RULE);
    }
    long unit = percent ? WHOLE / 100 : WHOLE;
    long parts = Decimal.whole(digits) * unit + Decimal.fraction(digits, places);
    if (parts > WHOLE) {
      throw new IllegalArgumentException(RULE);
    }
    return new FillRatio(parts);
  }

  /** Returns true if the whole block is touched. */
  public boolean isFull() {
    return parts == WHOLE;
  }

  /** Returns the touched bytes at the start of a block, rounded down to a byte. */
  public ByteSize of(ByteSize block) {
    // exact in 63 bits: bytes and parts are split, as their product has up to 100 bits
    long bytes = block.bytes();
    long rest = bytes % WHOLE;
    long high = parts / SPLIT * rest;
    long low = high % (WHOLE / SPLIT) * SPLIT + parts % SPLIT * rest;
    return ByteSize.ofBytes(bytes / WHOLE * parts + high / (WHOLE / SPLIT) + low / WHOLE);
  }

  /** Returns the touched bytes, rounded up to whole pages of the block. */
  ByteSize of(ByteSize block, long page) {
    long bytes = of(block).bytes();
    long over = bytes % page;
    long most = block.bytes();
    return ByteSize.ofBytes(over == 0 || most - bytes < page - over ? bytes : bytes + page - over);
  }

  /** Returns the share as a number, for scripts. */
  public double share() {
    return (double) parts / WHOLE;
  }

  /** Returns text for people: {@code 25 %}. */
  public String toHuman() {
    return Decimal.print(parts, PLACES - 2) + " %";
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    return Decimal.print(parts, PLACES);
  }
}
