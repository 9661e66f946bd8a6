package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource({
    "2, 2048",
    "2g, 2097152",
    "2G, 2097152",
    "2gb, 2097152",
    "2GB, 2097152",
    "2Gi, 2097152",
    "2GiB, 2097152",
    "2 GiB, 2097152",
    "1.5g, 1572864",
    ".5g, 524288",
    "200MB, 204800",
    "512Mi, 524288",
    "512KiB, 512",
    "1t, 1073741824",
    "1073741824b, 1048576",
    "1B, 1",
    "134217728, 137438953472",
    "9007199254740991k, 9007199254740991",
    "0.0001k, 1",
    "0.7m, 717",
    "0b, 0"
  })
  void aUnitIsAPowerOfTwoInEachSpelling(String text, long kib) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(kib << 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "g", "2gg", "2i", "2bi", "2gbi", "2  g", "2g ", "1.g", "1e3m", "2kbit"})
  void aTextThatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).hasMessageStartingWith("a size is a number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.5| 1.5 what? 1.5g or 1.5m",
        "0.85| 0.85 what? 85% or 0.85g",
        ".5| .5 what? 50% or .5g",
        "2147483648| 2147483648 what? a number without a unit is MiB; in bytes: 2147483648b"
      })
  void aNumberThatNobodyMeansInMebibytesIsAskedAbout(String text, String question) {
    assertThatThrownBy(() -> Amount.parse(text)).hasMessage(question);
  }

  @Test
  void aPercentageMayBeWrittenAsItIsShown() {
    assertThat(Amount.parse("12.5 %")).hasToString("12.5%");
    assertThat(FillRatio.parse("25 %")).hasToString("0.25");
  }
}
