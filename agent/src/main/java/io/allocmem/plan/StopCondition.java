package io.allocmem.plan;

/**
 * Condition that releases a plan at once: an effect of the pressure is above a limit, once or for a
 * time.
 */
public final class StopCondition {
  private final Effect effect;
  private final long limit;
  private final long forMillis;
  private final String text;

  /**
   * @param limit in thousandths of a whole, or in microseconds
   * @param forMillis time for which the effect is above the limit; 0: once is enough
   * @param text the condition as the option takes it
   */
  public StopCondition(Effect effect, long limit, long forMillis, String text) {
    this.effect = effect;
    this.limit = limit;
    this.forMillis = forMillis;
    this.text = text;
  }

  /** Returns the measured effect. */
  public Effect effect() {
    return effect;
  }

  /** Returns the limit: in thousandths of a whole, or in microseconds. */
  public long limit() {
    return limit;
  }

  /** Returns the time for which the effect must be above the limit, in milliseconds. */
  public long forMillis() {
    return forMillis;
  }

  /** Returns the condition as the option takes it. */
  @Override
  public String toString() {
    return text;
  }
}
