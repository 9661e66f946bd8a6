package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.load.LoadWindow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromiseTest {
  private static final Latencies MEASURED = new Latencies(1_000, 20_000, 300_000, 4_000_000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "kept",
      value = {
        "p99=20ms           | kept",
        "p99=19ms           | p99 20.0 ms",
        "P50 = 1ms          | kept",
        "p99.9=0.2s         | p99.9 300 ms",
        "max=4s             | kept",
        "max=3s             | max 4000 ms",
        "p99=20ms, max=1s   | max 4000 ms",
        "p50=1ms,p99=1s     | kept",
      })
  void aPromiseIsBrokenByTheFirstPercentileAboveItsTime(String promise, String breach) {
    assertThat(Promise.parse(promise).breach(MEASURED)).isEqualTo(breach);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200ms             | a promise is a percentile and its time: p99=200ms",
        "p95=200ms         | a promise is a percentile and its time: p99=200ms",
        "p99>200ms         | a promise is a percentile and its time: p99=200ms",
        "p99=200ms,        | a promise is a percentile and its time: p99=200ms",
        "p99=200           | 200 what? 200s or 200ms",
        "p99=0             | a promise needs a time above 0",
        "p99=1ms,p99=2ms   | one time for p99",
      })
  void theRefusalNamesTheRule(String promise, String rule) {
    assertThatThrownBy(() -> Promise.parse(promise))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule);
  }

  @Test
  void isPrintedAsTyped() {
    assertThat(Promise.parse("P99 = 0.2s,max=3s")).hasToString("p99=0.2s,max=3s");
  }

  /** A service that hangs answers nothing within a short measurement. */
  @Test
  void noAnswerBreaksAPromise() {
    Duration none = Duration.ZERO;
    Latencies silent = Latencies.of(new LoadWindow(0, 0, none, none, none, none, 0, null));
    assertThat(Promise.parse("max=1h").breach(silent)).isEqualTo("nothing was measured");
  }
}
