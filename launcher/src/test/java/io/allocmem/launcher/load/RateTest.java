package io.allocmem.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.probe.HttpAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates, and the schedule that follows from a rate. */
class RateTest {
  @ParameterizedTest
  @ValueSource(strings = {"50/s", "0.5/s", "0.1/s", "10000/s", "33.333/s"})
  void aRateIsANumberPerSecond(String text) {
    assertThat(Rate.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"50", "0/s", "0.09/s", "10001/s", "-1/s", "1e3/s", "NaN/s", "50/m", ""})
  void anotherTextIsNoRate(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a rate is ");
  }

  /** At the time of each request exactly one more request is due, after days as well. */
  @ParameterizedTest
  @ValueSource(strings = {"50/s", "0.3/s", "33.333/s", "7/s", "9999.9/s"})
  void eachRequestIsDueOnce(String text) {
    Rate rate = Rate.parse(text);
    for (long from : new long[] {0, 1_000_000_000L}) {
      for (long index = from; index < from + 2_000; index++) {
        assertThat(rate.dueBy(rate.nanosTo(index))).isEqualTo(index + 1);
        assertThat(rate.dueBy(rate.nanosTo(index) - 1)).isEqualTo(index);
      }
    }
  }

  @Test
  void aSecondHasTheRequestsOfTheRate() {
    assertThat(Rate.parse("50/s").nanosTo(50)).isEqualTo(1_000_000_000L);
    assertThat(Rate.parse("50/s").dueBy(-1)).isZero();
  }

  @Test
  void theTimeLimitOfARequestIsBounded() {
    HttpAddress address = HttpAddress.parse("http://a");
    for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofMinutes(61)}) {
      assertThatThrownBy(() -> new LoadTarget(address, timeout))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the time limit of a request is 1ms to 1h");
    }
  }
}
