package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugeMappingsTest {
  private static final String MAPPINGS =
      "7f0000200000-7f0000600000 rw-p 00000000 00:00 0 \n"
          + "Size:               4096 kB\n"
          + "AnonHugePages:      2048 kB\n"
          + "FilePmdMapped:         0 kB\n"
          + "VmFlags: rd wr mr mw me ac sd hg\n"
          + "7f0000600000-7f0000800000 rw-p 00000000 08:01 42 /tmp/7f-80 caf\351\n"
          + "AnonHugePages:      4096 kB\n"
          + "ffffffff81000000-ffffffff81001000 r-xp 00000000 00:00 0 [vsyscall]\n"
          + "AnonHugePages:         0 kB\n";

  @TempDir private Path directory;

  @Test
  void onlyMappingsOfTheOwnerCount() throws IOException {
    assertThat(bytes(MAPPINGS, (from, to) -> true)).isEqualTo(6144 << 10);
    assertThat(bytes(MAPPINGS, (from, to) -> from == 0x7f0000200000L && to == 0x7f0000600000L))
        .isEqualTo(2048 << 10);
    assertThat(bytes(MAPPINGS, (from, to) -> from == 0x7f0000600000L)).isEqualTo(4096 << 10);
    assertThat(bytes(MAPPINGS, (from, to) -> false)).isZero();
  }

  @Test
  void mappingsWithoutHugePagesAreNotAskedFor() throws IOException {
    String none = MAPPINGS.replaceAll("(Huge.*?) \\d+ kB", "$1 0 kB");
    assertThat(
            bytes(
                none,
                (from, to) -> {
                  throw new AssertionError();
                }))
        .isZero();
  }

  @Test
  void aLineIsReadWhereverAPieceEnds() throws IOException {
    for (int before = KernelFile.PIECE - 400; before < KernelFile.PIECE + 2; before++) {
      String text = "x".repeat(before % 12) + "\n" + "Pss: 123 kB\n".repeat(before / 12) + MAPPINGS;
      assertThat(bytes(text, (from, to) -> from == 0x7f0000600000L)).isEqualTo(4096 << 10);
    }
  }

  @Test
  void aListThatIsMissingOrTooLongIsUnknown() throws IOException {
    assertThat(new HugeMappings(directory.resolve("none").toString()).bytes((from, to) -> true))
        .isEqualTo(Reading.UNKNOWN);
    assertThat(bytes("", (from, to) -> true)).isEqualTo(Reading.UNKNOWN);
    try (KernelFile file = new KernelFile(write(MAPPINGS.repeat(100)))) {
      assertThat(file.each(start -> {}, 20_000, Long.MAX_VALUE)).as("bytes").isFalse();
      assertThat(file.each(start -> {}, Long.MAX_VALUE, -1)).as("time").isFalse();
      assertThat(file.each(start -> {}, Long.MAX_VALUE, Long.MAX_VALUE)).isTrue();
    }
  }

  private long bytes(String text, HugeMappings.Owner owner) throws IOException {
    try (HugeMappings mappings = new HugeMappings(write(text))) {
      return mappings.bytes(owner);
    }
  }

  private String write(String text) throws IOException {
    Path file = directory.resolve("smaps");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    return file.toString();
  }
}
