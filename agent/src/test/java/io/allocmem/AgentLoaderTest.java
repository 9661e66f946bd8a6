package io.allocmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgentLoaderTest {
  @Test
  void knowsEachReleaseWithClassesOfItsOwnNewestFirst() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("target/classes/META-INF/java"))) {
      List<Integer> releases =
          versions
              .map(version -> Integer.valueOf(version.getFileName().toString()))
              .sorted(Comparator.reverseOrder())
              .toList();
      assertThat(Arrays.stream(AgentLoader.RELEASES).boxed().toList()).isEqualTo(releases);
    }
  }
}
