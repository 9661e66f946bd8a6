package io.allocmem.plan;

/**
 * The most that a plan takes: a sum that it stops at once so much is committed, or, written {@code
 * 0}, none: until memory runs out.
 */
public final class Limit {
  private final ByteSize sum;

  private Limit(ByteSize sum) {
    this.sum = sum;
  }

  /**
   * Reads a size; {@code 0} is no limit.
   *
   * @throws IllegalArgumentException with the rule, when the text is no size
   */
  public static Limit parse(String text) {
    return new Limit(ByteSize.parse(text));
  }

  /** Whether the plan goes on until memory cannot be had. */
  public boolean isNone() {
    return sum.bytes() == 0;
  }

  /** The limit in bytes; 0 when there is none. */
  public long bytes() {
    return sum.bytes();
  }

  /** Whether so many committed bytes are enough. */
  public boolean isReachedBy(long committed) {
    return !isNone() && committed >= sum.bytes();
  }

  /** Whole blocks only: as many as it takes to commit the limit; not defined without one. */
  public long blocksOf(ByteSize block) {
    return sum.bytes() / block.bytes() + (sum.bytes() % block.bytes() == 0 ? 0 : 1);
  }

  /** As an option: {@link #parse} reads it back exactly. */
  @Override
  public String toString() {
    return isNone() ? "0" : sum.toString();
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
