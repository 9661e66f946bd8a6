package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.control.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFileTest {
  private static final byte[] LAST = KernelFile.name("last");

  @TempDir private Path directory;

  /** Tests each offset of the line in a piece, after bytes outside UTF-8. */
  @Test
  void aFieldIsFoundWhereverAPieceEnds() throws IOException {
    for (int before = KernelFile.PIECE - 20; before < KernelFile.PIECE + 3; before++) {
      String text =
          "caf\351 last 1\n".repeat(before / 12) + "x".repeat(before % 12) + "\nlast 42\n";
      try (KernelFile file = file(text)) {
        assertThat(file.field(LAST)).as("after %d bytes", before).isEqualTo(42);
        assertThat(file.lines()).isEqualTo(before / 12 + 2);
      }
    }
  }

  @Test
  void whatIsNoNumberIsNotTakenForOne() throws IOException {
    try (KernelFile file = file("max\n")) {
      assertThat(file.word(0)).isEqualTo(Long.MAX_VALUE);
      assertThat(file.word(1)).isEqualTo(Reading.UNKNOWN);
      assertThat(file.field(LAST)).isEqualTo(Reading.UNKNOWN);
    }
    try (KernelFile file = file("99999999999999999999 1\nlaster 3\nlast:\t 7")) {
      assertThat(file.word(0)).isEqualTo(Long.MAX_VALUE);
      assertThat(file.field(LAST)).isEqualTo(7);
    }
    try (KernelFile file = file("")) {
      assertThat(file.word(0)).isEqualTo(Reading.UNKNOWN);
      assertThat(file.lines()).isEqualTo(Reading.UNKNOWN);
    }
  }

  @Test
  void whatIsNoFileIsNotOpened() {
    assertThatThrownBy(() -> new KernelFile(directory.toString())).hasMessageContaining("no file");
  }

  private KernelFile file(String text) throws IOException {
    Path file = directory.resolve("file");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    return new KernelFile(file.toString());
  }
}
