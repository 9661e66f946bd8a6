package io.allocmem.plan;

/**
 * The most that a plan takes: a sum, or a share of the area's capacity, that it stops at once so
 * much is committed, or, written {@code 0}, none: until memory runs out.
 */
public final class Limit {
  /** Takes what can be had. */
  public static final Limit NONE = new Limit(Amount.NONE);

  private final Amount sum;

  private Limit(Amount sum) {
    this.sum = sum;
  }

  /**
   * Reads a size or a percentage; {@code 0} is no limit.
   *
   * @throws IllegalArgumentException with the rule, when the text is neither
   */
  public static Limit parse(String text) {
    Amount sum = Amount.parse(text);
    if (sum.isNone() && text.endsWith("%")) {
      throw new IllegalArgumentException("a limit of 0% is nothing; 0 takes all that can be had");
    }
    return new Limit(sum);
  }

  /** Whether the plan goes on until memory cannot be had. */
  public boolean isNone() {
    return sum.isNone();
  }

  /** Whether the area's capacity must be known to say how much it is. */
  public boolean isShare() {
    return sum.isShare();
  }

  /** The same limit as a sum, where the capacity is known. */
  Limit within(long capacity) {
    return new Limit(sum.within(capacity));
  }

  /** The limit in bytes; 0 when there is none. Not defined for a share. */
  public long bytes() {
    return sum.size().bytes();
  }

  /** Whether so many committed bytes are enough. */
  public boolean isReachedBy(long committed) {
    return !isNone() && committed >= bytes();
  }

  /** Whole blocks only: as many as it takes to commit the limit; not defined without a sum. */
  public long blocksOf(ByteSize block) {
    return bytes() / block.bytes() + (bytes() % block.bytes() == 0 ? 0 : 1);
  }

  /** For people. */
  public String toHuman() {
    return isNone() ? "all" : sum.toHuman();
  }

  /** As an option: {@link #parse} reads it back exactly. */
  @Override
  public String toString() {
    return sum.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Limit && ((Limit) other).sum.equals(sum);
  }

  @Override
  public int hashCode() {
    return sum.hashCode();
  }
}
