package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RowTest {
  @Test
  void theMedianDecides() {
    Row odd = Row.atLeast(0.97, "speed", List.of(2.0, 0.5, 0.98));
    assertThat(odd.median()).isEqualTo(0.98);
    assertThat(odd.isReached()).isTrue();
    assertThat(odd.line()).isEqualTo("| speed | ≥ 0.97 | 0.98 | 0.50 | 2.00 | 3 | reached |");
    assertThat(Row.atMost(30, " µs", "time", List.of(10.0, 20.0, 40.0, 30.0)).median())
        .isEqualTo(25);
  }

  @Test
  void aFactorOfTwoIsAGrossFailure() {
    Row small = Row.atMost(3, " MB", "size", List.of(6.1));
    assertThat(small.isGrossFailure()).isTrue();
    assertThat(small.line()).isEqualTo("| size | ≤ 3.00 MB | 6.10 | 6.10 | 6.10 | 1 |  |");
    assertThat(Row.atMost(3, "", "size", List.of(5.9)).isGrossFailure()).isFalse();
    assertThat(Row.atLeast(1, "speed", List.of(0.49)).isGrossFailure()).isTrue();
    assertThat(Row.atLeast(1, "speed", List.of(0.51)).isGrossFailure()).isFalse();
  }

  @Test
  void roundsInterleaveAndForgetTheFirst() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Rounds rounds =
        Rounds.of(
            3,
            Map.of(
                "a", () -> calls.getAndIncrement() < 2 ? 100 : 4,
                "b", () -> calls.getAndIncrement() < 2 ? 100 : 2,
                "missing", () -> -1));
    assertThat(calls).hasValue(8);
    assertThat(rounds.ratios("a", "b")).containsExactly(2.0, 2.0, 2.0);
    assertThat(rounds.best("a", "b", "missing")).isEqualTo("b");
  }
}
