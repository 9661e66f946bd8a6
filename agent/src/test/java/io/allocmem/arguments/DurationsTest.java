package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @Test
  void aYearIsAcceptedAndAMillisecondMoreIsNot() {
    assertThat(Durations.parse("8760h")).isEqualTo(Duration.ofDays(365));
    assertThatThrownBy(() -> Durations.parse("31536000001ms"))
        .hasMessage("a time is at most 365 days");
  }

  @Test
  void manyDigitsAreReadAndMoreAreTooLong() {
    assertThat(Durations.parse("000000000001ms")).isEqualTo(Duration.ofMillis(1));
    assertThat(Durations.parse("012345678901.123456789ms").toMillis()).isEqualTo(12345678902L);
    assertThatThrownBy(() -> Durations.parse("9999999999999ms"))
        .hasMessage("a time is at most 365 days");
    assertThatThrownBy(() -> Durations.parse("0000000000000000000000.1s"))
        .hasMessage("a time is at most 365 days");
  }

  @ParameterizedTest
  @CsvSource({
    "0.5s, 500",
    ".5s, 500",
    "1m30s, 90000",
    "1m 30s, 90000",
    "1 h, 3600000",
    "1h30m15s500ms, 5415500",
    "1.5h, 5400000",
    "30sec, 30000",
    "5min, 300000",
    "2D, 172800000",
    "1M30S, 90000",
    "0.0001s, 1",
    "0, 0",
    "0.0, 0",
    "0s, 0"
  })
  void aTimeIsANumberWithAUnitOrSeveralFromLongToShort(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "0.5", "1", "007"})
  void aNumberWithoutAUnitIsAskedAbout(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .hasMessage(text + " what? " + text + "s or " + text + "ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "1m30", "30s1m", "1s1s", "1x", "1s,", "1.s", "1e3s", "s1", "--1s"})
  void aTextThatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a time is ");
  }

  @Test
  void aPlainNumberIsMillisecondsForTheDelayAlone() {
    assertThat(Durations.parseDelay("50")).isEqualTo(Duration.ofMillis(50));
    assertThat(Durations.parseDelay("0.05s")).isEqualTo(Duration.ofMillis(50));
    assertThatThrownBy(() -> Durations.parseDelay("0.5")).hasMessage("0.5 what? 0.5s or 0.5ms");
  }

  @Test
  void aDelayIsExactToAMicrosecondAndPrintedSo() {
    assertThat(Durations.parseDelay("0.97651ms")).isEqualTo(Duration.ofNanos(977_000));
    assertThat(Durations.print(Duration.ofNanos(977_000))).isEqualTo("0.977ms");
    assertThat(Durations.print(Duration.ofNanos(1_500_000))).isEqualTo("1.5ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1ms", "1500ms", "90s", "1m", "25h", "8760h"})
  void aTimeIsPrintedInTheLongestUnitOfAWholeNumber(String text) {
    assertThat(Durations.print(Durations.parse(text))).isEqualTo(text);
  }
}
