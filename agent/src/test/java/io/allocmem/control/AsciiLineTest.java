package io.allocmem.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class AsciiLineTest {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Test
  void aLineThatIsCutKeepsItsEnd() {
    AsciiLine line = new AsciiLine(10);
    line.append("0123456789abc").end("\n");
    assertThat(text(line)).isEqualTo("012345678\n");
    line.clear().append("short").end("\r\n");
    assertThat(text(line)).isEqualTo("short\r\n");
  }

  @Test
  void itIsOneLineWhateverIsAppended() {
    AsciiLine line = new AsciiLine(40);
    line.append("a\nb\tc\u001b[2Jd\u007f\u009b\u20ac").append(-7).append(Long.MIN_VALUE);
    assertThat(text(line)).isEqualTo("a b c [2Jd ??-7-9223372036854775807");
  }

  private static String text(AsciiLine line) {
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  /** Tests each day from 1968 to 2132 at different times of day, with leap years and with 2100. */
  @Test
  void aMomentIsWrittenAsTheJdkWritesIt() {
    AsciiLine line = new AsciiLine(30);
    long day = 86_400_000 + 7_654_321;
    for (long at = -2 * 365 * 86_400_000L; at < 59_000 * 86_400_000L; at += day) {
      line.clear().appendTime(at);
      assertThat(new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII))
          .isEqualTo(FORMAT.format(Instant.ofEpochMilli(at)));
    }
  }
}
