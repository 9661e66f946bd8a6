package io.allocmem.plan;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Share of each block that is touched, 0 to 1. Written {@code 0.25} or {@code 25%}. */
public final class FillRatio {
  private static final String RULE = "a fill ratio is 0 to 1, or 0% to 100%: 0.25, 25%";
  private static final Pattern PERCENT = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?|\\.\\d{1,9}");

  /** Two digits more than a percentage: a percentage is printed as a share. */
  private static final Pattern SHARE = Pattern.compile("\\d{1,9}(\\.\\d{1,11})?|\\.\\d{1,11}");

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final BigDecimal share;

  private FillRatio(BigDecimal share) {
    this.share = share;
  }

  /**
   * Reads {@code 0.25} or {@code 25%}.
   *
   * @throws IllegalArgumentException with the rule, if the text is no number or outside 0 to 1
   */
  public static FillRatio parse(String text) {
    boolean percent = text.endsWith("%");
    String digits = percent ? text.substring(0, text.length() - 1).trim() : text;
    if (!(percent ? PERCENT : SHARE).matcher(digits).matches()) {
      throw new IllegalArgumentException(RULE);
    }
    BigDecimal number = new BigDecimal(digits);
    BigDecimal share = percent ? number.divide(HUNDRED) : number;
    if (share.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(RULE);
    }
    return new FillRatio(share.signum() == 0 ? BigDecimal.ZERO : share.stripTrailingZeros());
  }

  /** Returns true if the whole block is touched. */
  public boolean isFull() {
    return share.compareTo(BigDecimal.ONE) == 0;
  }

  /** Returns the touched bytes at the start of a block, rounded down to a byte. */
  public ByteSize of(ByteSize block) {
    return ByteSize.ofBytes(share.multiply(BigDecimal.valueOf(block.bytes())).longValue());
  }

  /** Returns the share as a number, for scripts. */
  public double share() {
    return share.doubleValue();
  }

  /** Returns text for people: {@code 25 %}. */
  public String toHuman() {
    return share.multiply(HUNDRED).stripTrailingZeros().toPlainString() + " %";
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    return share.toPlainString();
  }
}
