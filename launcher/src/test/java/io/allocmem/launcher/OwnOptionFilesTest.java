package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of {@code -J} count as well where they stand in a file. */
class OwnOptionFilesTest {
  @TempDir private Path directory;

  private StartOptions expanded(String option) {
    return OwnOptionFiles.expanded(List.of("-Dfirst=1", option));
  }

  @Test
  void theWordsOfFilesStandForTheFiles() throws IOException {
    Path file = Files.writeString(directory.resolve("jvm.options"), "-Xmx1g\n-XX:+UseSerialGC\n");
    for (String naming : List.of("@", "-XX:VMOptionsFile=")) {
      assertThat(expanded(naming + file).options())
          .containsExactly("-Dfirst=1", "-Xmx1g", "-XX:+UseSerialGC");
    }
    Files.writeString(file, "MaxHeapSize=1g");
    assertThat(expanded("-XX:Flags=" + file).options()).contains("-XX:MaxHeapSize=1g");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path large = directory.resolve("large");
    Files.write(large, new byte[2 << 20]);
    for (Path file :
        List.of(large, directory, directory.resolve("missing"), Path.of("/dev/zero"))) {
      assertThat(expanded("@" + file).unread()).containsExactly("@" + file);
    }
  }
}
