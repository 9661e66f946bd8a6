package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final long MILLIS = 1_000_000;

  /** nanoTime has any value, even below zero. */
  private static final long START = Long.MIN_VALUE / 2;

  private final Window window = new Window(2);

  private void keep(long millis, long first, long second) {
    window.set(0, first);
    window.set(1, second);
    window.keep(START + millis * MILLIS);
  }

  @Test
  void anIncreaseCoversTheLastSeconds() {
    for (int tenth = 0; tenth <= 600; tenth++) {
      keep(100 * tenth, tenth, 7);
    }
    assertThat(window.increase(0, 1)).isEqualTo(10);
    assertThat(window.increase(0, 10)).isEqualTo(100);
    assertThat(window.increase(1, 10)).isZero();
    assertThat(window.nanos(10)).isEqualTo(10_000 * MILLIS);
  }

  @Test
  void aShorterTimeCountsAsLongAsNoOtherIsKnown() {
    keep(0, 5, 0);
    assertThat(window.increase(0, 1)).isEqualTo(Reading.UNKNOWN);
    keep(400, 6, 0);
    assertThat(window.increase(0, 1)).isEqualTo(Reading.UNKNOWN);
    keep(600, 8, 0);
    assertThat(window.increase(0, 10)).isEqualTo(3);
    assertThat(window.nanos(10)).isEqualTo(600 * MILLIS);
  }

  @Test
  void manyMomentsInAShortTimeKeepTheWholeWindow() {
    for (int milli = 0; milli <= 20_000; milli++) {
      keep(milli, milli, 0);
    }
    assertThat(window.increase(0, 10)).isBetween(10_000L, 10_100L);
    assertThat(window.increase(0, 1)).isBetween(1000L, 1100L);
  }

  /** A stopped JVM takes up with a moment long ago. */
  @Test
  void aGapIsPartOfTheTime() {
    keep(0, 0, 0);
    keep(60_000, 100, 0);
    assertThat(window.increase(0, 10)).isEqualTo(100);
    assertThat(window.nanos(10)).isEqualTo(60_000 * MILLIS);
  }

  @Test
  void anUnknownCounterHasNoIncrease() {
    keep(0, Reading.UNKNOWN, 3);
    keep(1000, 9, Reading.UNKNOWN);
    assertThat(window.increase(0, 1)).isEqualTo(Reading.UNKNOWN);
    assertThat(window.increase(1, 1)).isEqualTo(Reading.UNKNOWN);
  }

  @Test
  void aCounterThatFallsHasNoIncreaseBelowZero() {
    keep(0, 9, 0);
    keep(1000, 3, 0);
    assertThat(window.increase(0, 1)).isZero();
  }
}
