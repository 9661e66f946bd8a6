package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLimitTest {
  /** A pool cannot start with more threads than its maximum. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4", "32, 64", "33, 64", "512, 64"})
  void startsWithFewThreadsOnAMachineOfAnySize(int processors, int threads) {
    assertThat(TimeLimit.few(processors)).isEqualTo(threads);
  }

  @Test
  void keepsTheOrderOfTheElements() {
    List<Integer> all = IntStream.range(0, 300).boxed().toList();
    assertThat(TimeLimit.each(60_000, all, Function.identity(), late -> -1)).isEqualTo(all);
  }
}
