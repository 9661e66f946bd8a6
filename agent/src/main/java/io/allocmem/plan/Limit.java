package io.allocmem.plan;

/**
 * Maximum that a plan takes: a size, or a share of the area's capacity. The plan stops once the
 * limit is committed. Written {@code 0}, the plan has no limit and allocates until memory runs out.
 */
public final class Limit {
  /** No limit: the plan takes all available memory. */
  public static final Limit NONE = new Limit(Amount.NONE);

  private final Amount sum;

  private Limit(Amount sum) {
    this.sum = sum;
  }

  /**
   * Reads a size or a percentage; {@code 0} is no limit.
   *
   * @throws IllegalArgumentException with the rule, if the text is neither
   */
  public static Limit parse(String text) {
    Amount sum = Amount.parse(text);
    if (sum.isNone() && text.endsWith("%")) {
      throw new IllegalArgumentException(
          "a limit of 0% would allocate nothing; 0 allocates until memory runs out");
    }
    return new Limit(sum);
  }

  /** Returns true if the plan allocates until memory runs out. */
  public boolean isNone() {
    return sum.isNone();
  }

  /** Returns true if the limit in bytes depends on the area's capacity. */
  public boolean isShare() {
    return sum.isShare();
  }

  /** Returns the limit as a size, for a known capacity. */
  Limit within(long capacity) {
    return new Limit(sum.within(capacity));
  }

  /** Returns the limit in bytes; 0 for no limit. Undefined for a share. */
  public long bytes() {
    return sum.size().bytes();
  }

  /** Returns true if the committed bytes reach the limit. */
  public boolean isReachedBy(long committed) {
    return !isNone() && committed >= bytes();
  }

  /**
   * Returns the number of whole blocks that commit the limit; undefined for a share or no limit.
   */
  public long blocksOf(ByteSize block) {
    return bytes() / block.bytes() + (bytes() % block.bytes() == 0 ? 0 : 1);
  }

  /** Returns text for people. */
  public String toHuman() {
    return isNone() ? "all" : sum.toHuman();
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    return sum.toString();
  }
}
