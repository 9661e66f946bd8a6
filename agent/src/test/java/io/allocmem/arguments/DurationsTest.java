package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void aYearIsAcceptedAndAMillisecondMoreIsNot() {
    assertThat(Durations.parse("8760h")).isEqualTo(Duration.ofDays(365));
    assertThatThrownBy(() -> Durations.parse("31536000001"))
        .hasMessage("a time is at most 365 days");
  }

  @Test
  void twelveDigitsAreReadAndMoreAreTooLong() {
    assertThat(Durations.parse("000000000001")).isEqualTo(Duration.ofMillis(1));
    assertThatThrownBy(() -> Durations.parse("9999999999999"))
        .hasMessage("a time is at most 365 days");
  }
}
