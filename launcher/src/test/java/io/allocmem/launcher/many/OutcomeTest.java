package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.process.ExitCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Text of the row of a JVM. */
class OutcomeTest {
  private static final Map<String, Object> ONE =
      Map.of("name", "a", "phase", "HOLDING", "committed", 1L << 20);
  private static final Map<String, Object> TWO = Map.of("name", "b", "phase", "PAUSED");

  private static String detail(Map<String, Object> fields) {
    return Outcome.of(ExitCode.DONE, new HashMap<>(fields)).detail();
  }

  @Test
  void aRowHasThePlansOfTheJvm() {
    assertThat(detail(Map.of("plans", List.of(ONE, TWO)))).isEqualTo("a: HOLDING 1 MiB, b: PAUSED");
  }

  @Test
  void aRowOfCheckHasTheWarnings() {
    assertThat(detail(Map.of("plans", List.of(), "warnings", List.of("large", "slow"))))
        .isEqualTo("large; slow");
    assertThat(detail(Map.of("plans", List.of(ONE), "warnings", List.of("large"))))
        .isEqualTo("a: HOLDING 1 MiB; large");
  }

  @Test
  void aFailureIsSaidAlone() {
    assertThat(detail(Map.of("message", "ended", "plans", List.of(ONE)))).isEqualTo("ended");
  }
}
