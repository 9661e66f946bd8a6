package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverheadLimitTest {
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({
    "1.8.0_504, false",
    "11.0.24, false",
    "17.0.15, false",
    "17.0.15+6, false",
    "21, false",
    "21.0.11, false",
    "21.0.12, true",
    "21.0.13, true",
    "22.0.2, false",
    "24.0.99, false",
    "25, false",
    "25-ea, false",
    "25.0.2, false",
    "25.0.3, true",
    "26, true",
    "26.0.2.1, true",
    "27-ea, true",
    "?, false",
    "99999999999999, true"
  })
  void theVersionDecides(String version, boolean enforced) {
    assertThat(OverheadLimit.isEnforcedByG1(version)).isEqualTo(enforced);
  }

  @Test
  void aPlanLeavesMoreFreeThanTheLimit() {
    assertThat(OverheadLimit.bytesOf(1000 * MIB, 2)).isEqualTo(20 * MIB);
    assertThat(OverheadLimit.bytesOf(1000 * MIB, 0)).isZero();
    assertThat(OverheadLimit.slackOf(64 * MIB, MIB)).as("four regions").isEqualTo(4 * MIB);
    assertThat(OverheadLimit.slackOf(1024 * MIB, MIB)).as("1/64").isEqualTo(16 * MIB);
  }
}
