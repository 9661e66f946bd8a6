package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.AsciiLine;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({
    "0, 0 MiB",
    "4096, 4 KiB",
    "314573, 307.2 KiB",
    "1048575, 1024 KiB",
    "1048576, 1 MiB",
    "104867430, 100 MiB",
    "342045491, 326.2 MiB",
    "1048523571, 999.9 MiB",
    "1048576000, 1000 MiB",
    "2202009600, 2100 MiB",
    "2202534093, 2101 MiB",
    "10484711424, 9999 MiB",
    "10485235712, 9.8 GiB",
    "25276560736, 23.5 GiB",
    "12638280368, 11.8 GiB",
    "10736344498176, 9999 GiB",
    "10995116277760, 10 TiB",
    "9223372036854775807, 8192 PiB"
  })
  void aSizeForPeopleHasFourDigitsAtMost(long bytes, String text) {
    assertThat(ByteSize.ofBytes(bytes).toHuman()).isEqualTo(text);
  }

  @Test
  void theLogAndTheSentencesWriteASizeAlike() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 100_000; i++) {
      long bytes = random.nextLong(1L << random.nextInt(1, 63));
      String text = ByteSize.ofBytes(bytes).toHuman();
      assertThat(line(bytes)).isEqualTo(text);
      assertThat(text).as("%d", bytes).matches("(\\d{1,3}(\\.\\d)?|\\d{4}) [KMGTP]iB");
    }
  }

  @Test
  void anUnknownSizeIsADashInTheLog() {
    assertThat(line(-1)).isEqualTo("-");
  }

  @Test
  void aPlanKeepsItsUnitWhileItGrows() {
    assertThat(ByteSize.ofBytes(900 * MIB).toHuman()).endsWith(" MiB");
    assertThat(ByteSize.ofBytes(2048 * MIB).toHuman()).isEqualTo("2048 MiB");
  }

  private static String line(long bytes) {
    AsciiLine line = new AsciiLine(20).appendSize(bytes);
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }
}
