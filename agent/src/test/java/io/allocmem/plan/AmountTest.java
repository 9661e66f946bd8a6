package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sizes, shares and limits. */
class AmountTest {
  @Test
  void aSizeIsTheSameForEachCapacityAndAShareIsNot() {
    assertThat(Amount.parse("2k").bytesOf(1 << 20)).isEqualTo(2048);
    assertThat(Amount.parse("50%").bytesOf(1 << 20)).isEqualTo(1 << 19);
  }

  @Test
  void aLimitIsReachedByAsManyBytesAndNotByOneLess() {
    assertThat(Limit.parse("1").isReachedBy((1 << 20) - 1)).isFalse();
    assertThat(Limit.parse("1").isReachedBy(1 << 20)).isTrue();
  }

  @Test
  void noLimitIsNeverReached() {
    assertThat(Limit.NONE.isReachedBy(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void aSizeMayHaveZerosInFront() {
    assertThat(ByteSize.parse("0".repeat(17) + "1").bytes()).isEqualTo(1 << 20);
  }

  @Test
  void theSizeOfNothingIsWrittenInTheDefaultUnit() {
    assertThat(ByteSize.ofBytes(0)).hasToString("0m");
  }
}
