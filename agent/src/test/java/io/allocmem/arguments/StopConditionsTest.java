package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.allocmem.plan.Effect;
import io.allocmem.plan.StopCondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopConditionsTest {
  @ParameterizedTest
  @CsvSource({
    "gc>40%, gc>40%",
    "GC > 12.5 %, gc>12.5%",
    "psi>30% for 10s, psi>30% for 10s",
    "pause>2s, pause>2s",
    "stall.p99>500ms, stall.p99>500ms",
    "stall.p99.9>1s for 1m, stall.p99.9>1s for 1m",
    "gc>40%; pause>2s, gc>40%;pause>2s"
  })
  void printsWhatItReads(String text, String canonical) {
    String printed = StopConditions.print(StopConditions.parse(text));
    assertThat(printed).isEqualTo(canonical);
    assertThat(StopConditions.print(StopConditions.parse(printed))).isEqualTo(printed);
  }

  @Test
  void hasTheUnitsOfTheReadings() {
    StopCondition stall = StopConditions.parse("stall.max>1.5s for 250ms").get(0);
    assertThat(stall.effect()).isEqualTo(Effect.STALL_MAX);
    assertThat(stall.limit()).isEqualTo(1_500_000);
    assertThat(stall.forMillis()).isEqualTo(250);
    assertThat(StopConditions.parse("gc>0.5%").get(0).limit()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gc",
        "gc>",
        "gc>40",
        "gc>40%for10s",
        "gc>101%",
        "gc>100%",
        "gc<40%",
        "heap>40%",
        "pause>2",
        "pause>2s for 10s",
        "gc>40% for 0",
        "gc>0%",
        "pause>0s",
        "pause>40%",
        "gc>40% for",
        "gc>-1%",
        "gc>1.25%",
        "stall>5ms",
        ";",
        "gc>40%;"
      })
  void refusesWithTheRule(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> StopConditions.parse(text));
  }
}
