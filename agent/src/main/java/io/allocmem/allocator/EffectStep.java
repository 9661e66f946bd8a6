package io.allocmem.allocator;

import io.allocmem.plan.EffectTarget;

/**
 * Size of the next step of a plan with a target by effect. Grows while the error keeps its sign,
 * and shrinks when the sign changes. One thread. Allocates nothing after construction.
 *
 * <p>The work of collections per allocated byte is about the live heap divided by the free heap. So
 * the odds s / (1 - s) of a share s are about 1 / free, and the free bytes change by the ratio of
 * measured and wanted odds. PSI is 0 until the kernel must reclaim page cache, and then rises
 * steeply: a step takes part of the memory that is empty, and at most a small part of the capacity
 * where none is. The effect of the last step then tells how much the next one needs.
 */
final class EffectStep {
  private static final double WHOLE = 1000;
  private static final double MOST_GAIN = 0.8;
  private static final double LEAST_GAIN = 0.15;
  private static final double GROWTH = 1.25;
  private static final int MOST_CHANGE = 2;

  /** Largest step for PSI where no memory is empty, as a part of the capacity. */
  private static final int PSI_SHARE = 64;

  /** Largest step for PSI, as a part of the empty memory. */
  private static final int EMPTY_SHARE = 2;

  /** Time for which the effect of a step is known: afterwards, the load may have changed. */
  private static final long KNOWN_NANOS = 20_000_000_000L;

  private final EffectTarget target;
  private final Usage usage;
  private double gain = MOST_GAIN;
  private int lastSign;
  private long lastShare;
  private long lastHeld;
  private long lastNanos;

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
   * @param held bytes of the plan's blocks
   */
  long bytesToFree(long nanoTime, long share, long held) {
    long error = share - target.thousandths();
    int sign = error > 0 ? 1 : -1;
    if (lastSign != 0) {
      gain = sign == lastSign ? gain * GROWTH : gain / 2;
      gain = Math.max(LEAST_GAIN, Math.min(MOST_GAIN, gain));
    }
    lastSign = sign;
    boolean known = lastShare > 0 && held != lastHeld && nanoTime - lastNanos < KNOWN_NANOS;
    double perByte = known ? (double) (share - lastShare) / (held - lastHeld) : 0;
    double bytes = target.isOfHeap() ? byOdds(share) : byError(error, perByte);
    lastShare = share;
    lastHeld = held;
    lastNanos = nanoTime;
    return (long) (bytes * gain);
  }

  private double byOdds(long share) {
    double measured = share / (WHOLE - share);
    double aim = target.thousandths() / (WHOLE - target.thousandths());
    double ratio = Math.max(1.0 / MOST_CHANGE, Math.min(MOST_CHANGE, measured / aim));
    return (usage.capacity() - usage.steady()) * (ratio - 1);
  }

  /**
   * @param perByte thousandths that a byte of the last step has cost; 0 or less if unknown
   */
  private double byError(long error, double perByte) {
    double most = (double) usage.capacity() / PSI_SHARE;
    double empty = (double) usage.empty() / EMPTY_SHARE;
    if (perByte > 0) {
      return Math.max(-most, Math.min(MOST_CHANGE * most, error / perByte));
    }
    double part = Math.max(-1, Math.min(MOST_CHANGE, (double) error / target.thousandths()));
    return part * (part < 0 ? Math.max(most, empty) : most);
  }
}
