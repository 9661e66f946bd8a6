package io.allocmem.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Allocation rate: a size in a time. A rate gives a plan its delay, by the size of a block. */
public final class Rate {
  private static final BigDecimal NANOS_OF_MICRO = BigDecimal.valueOf(1_000);

  /** Maximum delay of a year in microseconds, as for each time of an option. */
  private static final long MOST_MICROS = Duration.ofDays(365).toMillis() * 1_000;

  private final ByteSize size;
  private final Duration time;

  /**
   * Creates a rate of the size in each time.
   *
   * @throws IllegalArgumentException if the size or the time is zero
   */
  public Rate(ByteSize size, Duration time) {
    if (size.bytes() == 0 || time.isZero()) {
      throw new IllegalArgumentException("a rate is a size above 0 in a time above 0: 10m/s");
    }
    this.size = size;
    this.time = time;
  }

  /**
   * Returns the delay at which blocks of this size make the rate, exact to a microsecond.
   *
   * @throws IllegalArgumentException if the delay is over a year
   */
  Duration delayOf(ByteSize block) {
    return share(time, block.bytes(), size.bytes());
  }

  /**
   * Returns the delay with which this many blocks take the time. The first block comes at once, and
   * no delay follows the last block.
   */
  static Duration delayOver(Duration time, long blocks) {
    return share(time, 1, Math.max(1, blocks - 1));
  }

  private static Duration share(Duration time, long part, long whole) {
    BigDecimal micros =
        BigDecimal.valueOf(time.toMillis())
            .multiply(BigDecimal.valueOf(1_000))
            .multiply(BigDecimal.valueOf(part))
            .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_UP)
            .max(BigDecimal.ONE);
    if (micros.compareTo(BigDecimal.valueOf(MOST_MICROS)) > 0) {
      throw new IllegalArgumentException(
          "at this rate a block would take over 365 days: give a smaller block");
    }
    return Duration.ofNanos(micros.multiply(NANOS_OF_MICRO).longValueExact());
  }
}
