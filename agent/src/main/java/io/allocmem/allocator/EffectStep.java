package io.allocmem.allocator;

import io.allocmem.plan.EffectTarget;

/**
 * Size of the next step of a plan with a target by effect. Grows while the error keeps its sign,
 * and shrinks when the sign changes. One thread. Allocates nothing after construction.
 *
 * <p>The work of collections per allocated byte is about the live heap divided by the free heap. So
 * the odds s / (1 - s) of a share s are about 1 / free, and the free bytes change by the ratio of
 * measured and wanted odds. PSI rises steeply in the last bytes of a container: there, each step
 * takes or releases few bytes, in proportion to the error.
 */
final class EffectStep {
  private static final double WHOLE = 1000;
  private static final double MOST_GAIN = 0.8;
  private static final double LEAST_GAIN = 0.15;
  private static final double GROWTH = 1.25;
  private static final int MOST_CHANGE = 2;

  /** Largest step for PSI, as a part of the capacity. */
  private static final int PSI_SHARE = 64;

  private final EffectTarget target;
  private final Usage usage;
  private double gain = MOST_GAIN;
  private int lastSign;

  EffectStep(EffectTarget target, Usage usage) {
    this.target = target;
    this.usage = usage;
  }

  /** Returns the part of an error that a step corrects. */
  double gain() {
    return gain;
  }

  /**
   * Returns the bytes to free; negative for bytes to take.
   *
   * @param share measured share in thousandths, below 1000
   */
  long bytesToFree(long share) {
    long error = share - target.thousandths();
    int sign = error > 0 ? 1 : -1;
    if (lastSign != 0) {
      gain = sign == lastSign ? gain * GROWTH : gain / 2;
      gain = Math.max(LEAST_GAIN, Math.min(MOST_GAIN, gain));
    }
    lastSign = sign;
    return (long) (target.isOfHeap() ? byOdds(share) : byError(error));
  }

  private double byOdds(long share) {
    double measured = share / (WHOLE - share);
    double aim = target.thousandths() / (WHOLE - target.thousandths());
    double ratio = Math.max(1.0 / MOST_CHANGE, Math.min(MOST_CHANGE, measured / aim));
    return (usage.capacity() - usage.steady()) * gain * (ratio - 1);
  }

  private double byError(long error) {
    double part = Math.max(-1, Math.min(MOST_CHANGE, (double) error / target.thousandths()));
    return (double) usage.capacity() / PSI_SHARE * gain * part;
  }
}
