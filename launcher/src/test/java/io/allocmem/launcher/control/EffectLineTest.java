package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines of the status on what pressure costs. */
class EffectLineTest {
  private static final Map<Reading, Long> COSTS =
      Map.of(
          Reading.GC_OF_PROCESS_1S,
          452L,
          Reading.GC_OF_PROCESS_10S,
          31L,
          Reading.GC_OF_PROCESSORS_10S,
          12L,
          Reading.PRESSURE_1S,
          0L,
          Reading.PRESSURE_10S,
          5L,
          Reading.MAJOR_FAULTS,
          0L,
          Reading.THROTTLED_MILLIS,
          12_345L,
          Reading.SWAP,
          3L << 20);

  private static final Map<Reading, Long> STALLS =
      Map.of(
          Reading.STALL_P50,
          56L,
          Reading.STALL_P99,
          1_200L,
          Reading.STALL_P999,
          80_049L,
          Reading.STALL_MAX,
          250_400L,
          Reading.STALL_P50_IN_ALL,
          60L,
          Reading.STALL_P99_IN_ALL,
          900L,
          Reading.STALL_P999_IN_ALL,
          4_000L,
          Reading.STALL_MAX_IN_ALL,
          12_500_000L);

  private static Readings readings(Map<Reading, Long> known) {
    Readings readings = new Readings();
    known.forEach(readings::set);
    return readings;
  }

  @Test
  void theCostsOfTheProcessAreALineWithoutWhatDoesNotHappen() {
    assertThat(EffectLine.of(readings(COSTS)))
        .containsExactly(
            "collections 3.1 % of its CPU time in the last 10 s, 45.2 % in the last second,"
                + " 1.2 % of the processors  waiting for memory 0.5 % of the time"
                + "  throttled for 12.3 s  3 MiB swapped");
    assertThat(EffectLine.brief(readings(COSTS))).isEqualTo(", GC 45.2 % of CPU");
  }

  @Test
  void stallsAreALineIfAPlanMeasuresStalls() {
    assertThat(EffectLine.of(readings(STALLS)))
        .containsExactly(
            "stalls of the last second: p50 0.1 ms, p99 1.2 ms, p99.9 80.0 ms, max 250 ms;"
                + " in all: p50 0.1 ms, p99 0.9 ms, p99.9 4.0 ms, max 12.5 s");
    assertThat(EffectLine.brief(readings(STALLS))).isEqualTo(", stalls up to 250 ms");
  }

  @Test
  void anOlderAgentHasNoLine() {
    assertThat(EffectLine.of(new Readings())).isEmpty();
    assertThat(EffectLine.brief(new Readings())).isEmpty();
  }
}
