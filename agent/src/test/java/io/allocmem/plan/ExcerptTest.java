package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcerptTest {
  @ParameterizedTest
  @CsvSource({"0x7f,1", "0x80,2", "0x7ff,2", "0x800,3", "0xffff,3", "0x10000,4"})
  void aCharacterCountsAsItsBytesInUtf8(int character, int bytes) {
    String text = Character.toString(character);
    assertThat(Excerpt.of(text, bytes)).doesNotContain("…");
    assertThat(Excerpt.of(text, bytes - 1)).isEqualTo("…");
  }

  @Test
  void aTextThatFitsStaysAndALongerOneEndsInAnEllipsisWithinTheBytes() {
    assertThat(Excerpt.of("abcde", 5)).isEqualTo("abcde");
    assertThat(Excerpt.of("abcdef", 5)).isEqualTo("ab…");
  }

  @Test
  void aQuestionMarkReplacesAControlCharacterButNoLineEnd() {
    assertThat(Excerpt.of("a\u001b[2J\nb", 20)).isEqualTo("a?[2J\nb");
  }
}
