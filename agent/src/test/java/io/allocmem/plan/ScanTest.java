package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reading and printing without the classes of regular expressions and of BigDecimal. */
class ScanTest {
  private final Random random = new Random(16);

  @Test
  void aScanReadsFromLeftToRight() {
    Scan scan = new Scan("12.5kib ");
    assertThat(scan.number(9)).isTrue();
    assertThat(scan.from(0)).isEqualTo("12.5");
    assertThat(scan.take('x')).isFalse();
    assertThat(scan.takeOne("ib", "k", "ki")).isEqualTo("k");
    assertThat(scan.takeOne("x")).isNull();
    assertThat(scan.position()).isEqualTo(5);
    assertThat(scan.isAtEnd()).isFalse();
    assertThat(scan.takeOne("ib ")).isEqualTo("ib ");
    assertThat(scan.isAtEnd()).isTrue();
    assertThat(scan.take(' ')).isFalse();
    assertThat(scan.digits()).isZero();
  }

  @Test
  void numbersAndWordsAreThoseOfTheRegularExpressions() {
    Pattern number = Pattern.compile("\\d+|\\d*\\.\\d{1,3}");
    Pattern whole = Pattern.compile("\\d{1,4}");
    Pattern word = Pattern.compile("[A-Za-z0-9_-]{1,4}");
    for (int round = 0; round < 100_000; round++) {
      String text = text("019.aZ_-/:@[`{ \u0661", 6);
      assertThat(Scan.isNumber(text, 3)).as(text).isEqualTo(number.matcher(text).matches());
      assertThat(Scan.isWhole(text, 4)).as(text).isEqualTo(whole.matcher(text).matches());
      assertThat(Scan.isWord(text, 4, "_-")).as(text).isEqualTo(word.matcher(text).matches());
    }
  }

  @Test
  void sizesAreThoseOfTheRegularExpressionAndOfBigDecimal() {
    Pattern size = Pattern.compile("(\\d+|\\d*\\.\\d{1,9}) ?(b|[kmgt](?:b|ib?)?)");
    for (int round = 0; round < 100_000; round++) {
      String text =
          text("0123456789", 6)
              + text("..5 ", 3)
              + "bkmgt".charAt(random.nextInt(5))
              + text("bi", 3);
      boolean fits = size.matcher(text).matches();
      assertThat(parsed(text)).as(text).isEqualTo(fits ? bytes(text, size) : null);
    }
  }

  private static String parsed(String text) {
    try {
      return String.valueOf(ByteSize.parse(text).bytes());
    } catch (IllegalArgumentException rule) {
      return null;
    }
  }

  private static String bytes(String text, Pattern size) {
    var matcher = size.matcher(text);
    assertThat(matcher.matches()).isTrue();
    int power = "bkmgt".indexOf(matcher.group(2).charAt(0));
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(1L << 10 * power))
            .divide(BigDecimal.valueOf(1024), 0, RoundingMode.CEILING)
            .multiply(BigDecimal.valueOf(1024));
    boolean over = bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0;
    return over ? null : bytes.toPlainString();
  }

  @Test
  void aShareOfABlockIsExact() {
    for (int round = 0; round < 100_000; round++) {
      String share = "0." + text("0123456789", 10) + random.nextInt(10);
      long bytes = random.nextLong() >>> 1 + random.nextInt(62);
      BigDecimal exact = new BigDecimal(share).multiply(BigDecimal.valueOf(bytes));
      assertThat(FillRatio.parse(share).of(ByteSize.ofBytes(bytes)).bytes())
          .as("%s of %d", share, bytes)
          .isEqualTo(exact.longValue());
      assertThat(FillRatio.parse(share).share()).isEqualTo(new BigDecimal(share).doubleValue());
    }
    assertThat(FillRatio.parse("1").of(ByteSize.ofBytes(Long.MAX_VALUE)).bytes())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aDecimalIsPrintedAsBigDecimalPrints() {
    for (int round = 0; round < 10_000; round++) {
      long value = random.nextLong() >>> 1 + random.nextInt(62);
      int places = random.nextInt(12);
      String printed = Decimal.print(value, places);
      BigDecimal exact = BigDecimal.valueOf(value, places);
      assertThat(printed).isEqualTo(value == 0 ? "0" : exact.stripTrailingZeros().toPlainString());
      assertThat(Decimal.whole(printed)).isEqualTo(exact.longValue());
      assertThat(Decimal.fraction(printed, places))
          .isEqualTo(exact.remainder(BigDecimal.ONE).unscaledValue().longValue());
    }
    assertThat(Decimal.whole("99999999999999999999.5")).isEqualTo(Long.MAX_VALUE);
  }

  private String text(String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
