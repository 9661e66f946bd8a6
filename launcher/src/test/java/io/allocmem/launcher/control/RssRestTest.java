package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class RssRestTest {
  private static final long MIB = 1L << 20;

  private long millis;

  @Test
  void rssIsReadAfterTheLastFall() {
    assertThat(await(at -> at < 500 ? 326 * MIB : at < 1000 ? 200 * MIB : 120 * MIB))
        .isEqualTo(120 * MIB);
    assertThat(millis).isBetween(1500L, 1700L);
  }

  @Test
  void anRssThatDoesNotFallIsReadSoon() {
    assertThat(await(at -> 326 * MIB + at * MIB / 100)).isGreaterThan(326 * MIB);
    assertThat(millis).isLessThan(700);
  }

  @Test
  void anRssThatFallsForEverIsReadAtTheTimeLimit() {
    await(at -> (1_000_000 - at) * MIB);
    assertThat(millis).isBetween(10_000L, 10_100L);
  }

  @Test
  void theEndOfTheProcessEndsTheWait() {
    assertThat(await(at -> at < 20 ? MIB : Reading.UNKNOWN)).isEqualTo(Reading.UNKNOWN);
    assertThat(millis).isLessThan(50);
  }

  private long await(LongUnaryOperator rssAt) {
    millis = 0;
    return new RssRest(() -> rssAt.applyAsLong(millis), () -> millis * 1_000_000, () -> millis += 5)
        .await();
  }
}
