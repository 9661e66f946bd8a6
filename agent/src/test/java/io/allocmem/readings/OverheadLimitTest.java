package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverheadLimitTest {
  private static final long MIB = 1L << 20;
  private static final long HEAP = 1000 * MIB;

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
  void theVersionDecidesOnG1(String version, boolean enforced) {
    assertThat(OverheadLimit.ofG1(version, 2, MIB).isEnforced()).isEqualTo(enforced);
  }

  @Test
  void aPlanOnG1LeavesMoreFreeThanTheLimit() {
    OverheadLimit limit = OverheadLimit.ofG1("25.0.3", 2, MIB);
    assertThat(limit.bytesOf(HEAP)).isEqualTo(20 * MIB);
    assertThat(limit.floorOf(HEAP)).as("2 % and 1/64").isEqualTo(20 * MIB + HEAP / 64);
    assertThat(limit.floorOf(100 * MIB)).as("four regions").isEqualTo(6 * MIB);
    assertThat(OverheadLimit.ofG1("27.0.1", 2, MIB).floorOf(HEAP))
        .as("2 % and 1/16")
        .isEqualTo(20 * MIB + HEAP / 16);
  }

  @Test
  void aPlanOnParallelLeavesASurvivorSpaceBesides() {
    OverheadLimit limit = OverheadLimit.ofParallel(2, 1100 * MIB);
    assertThat(limit.floorOf(HEAP)).isEqualTo(20 * MIB + HEAP / 64 + 100 * MIB);
  }

  @Test
  void aFlagEndsTheLimit() {
    assertThat(OverheadLimit.ofG1("25.0.3", 0, MIB).floorOf(HEAP)).isZero();
    assertThat(OverheadLimit.ofParallel(0, HEAP).floorOf(HEAP / 2)).isZero();
    assertThat(OverheadLimit.NONE.floorOf(HEAP)).isZero();
    assertThat(OverheadLimit.ofG1("25.0.3", 5, MIB).bytesOf(HEAP)).isEqualTo(50 * MIB);
  }

  @Test
  void theFloorIsAShareForPeople() {
    assertThat(OverheadLimit.ofG1("25.0.3", 2, MIB).floorToHuman(256 * MIB))
        .isEqualTo("3.6 % of the heap");
    assertThat(OverheadLimit.ofG1("27", 2, MIB).floorToHuman(256 * MIB))
        .isEqualTo("8.2 % of the heap");
    assertThat(OverheadLimit.ofParallel(2, 256 * MIB).floorToHuman(228 * MIB))
        .isEqualTo("3.6 % of the heap, without the survivor spaces,");
  }
}
