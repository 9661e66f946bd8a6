package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts that set the version and compare the version with the tag, in a copy of the files.
 */
class VersionTest {
  private static final String NEW = "27.8.9";

  @TempDir private Path copy;

  @BeforeEach
  void copyWithoutBuiltFiles() {
    String words =
        "tar -C .. --exclude=target --exclude=.git -cf - . | tar -xf - -C '%s'".formatted(copy);
    assertThat(Shell.run(Path.of(".").toAbsolutePath(), "sh", "-c", words))
        .isEqualTo(new Cli(0, ""));
  }

  @Test
  void oneCommandSetsTheVersionInEachPlace() throws IOException {
    String said = "version: %s is now %s\n".formatted(Released.VERSION, NEW);
    assertThat(Shell.run(copy, ".ci/version", NEW)).isEqualTo(new Cli(0, said));
    for (String pom : List.of("pom.xml", "agent/pom.xml", "launcher/pom.xml")) {
      assertThat(copy.resolve(pom))
          .content()
          .containsOnlyOnce("<version>" + NEW + "</version>")
          .doesNotContain("<artifactId>allocmem</artifactId>\n    <version>" + Released.VERSION);
    }
    assertThat(Files.readString(copy.resolve(".github/CHANGELOG.md")))
        .containsOnlyOnce("\n## Unreleased\n\n## " + NEW + "\n");
    assertThat(files("(allocmem:|version=|VERSION=)" + Released.VERSION.replace(".", "\\.")))
        .isEmpty();
  }

  @Test
  void theTimeOfAllFilesIsTheDayOfTheVersion() {
    assertThat(Shell.run(copy, ".ci/version", NEW).code()).isZero();
    String today = Shell.run(copy, "date", "-u", "+%Y-%m-%dT00:00:00Z").out().strip();
    assertThat(copy.resolve("pom.xml"))
        .content()
        .contains("<project.build.outputTimestamp>" + today + "<");
    assertThat(files("T00:00:00Z").lines().filter(line -> !line.contains(today))).isEmpty();
  }

  private String files(String pattern) {
    return Shell.run(
            copy,
            "grep",
            "-rnIE",
            pattern,
            "pom.xml",
            "examples",
            "launcher/docs",
            "launcher/src/main",
            "launcher/src/bundle",
            "launcher/src/image",
            "launcher/src/kubernetes")
        .out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2", "v1.2.3", "1.2.3/../x", "1.2.3|e"})
  void aTextThatIsNoVersionIsRefused(String text) {
    assertThat(Shell.run(copy, ".ci/version", text))
        .isEqualTo(new Cli(2, "usage: .ci/version 1.2.3\n"));
  }

  @Test
  void aTagOfAnotherVersionMakesNoRelease() {
    assertThat(Shell.run(copy, ".ci/release", "v0.0.9"))
        .isEqualTo(
            new Cli(
                1,
                "release: the tag is v0.0.9, and the version of pom.xml %s: the tag must be v%1$s\n"
                    .formatted(Released.VERSION)));
  }

  @Test
  void aVersionThatTheChangesDoNotNameMakesNoRelease() throws IOException {
    Path changes = copy.resolve(".github/CHANGELOG.md");
    Files.writeString(
        changes, Files.readString(changes).replace("\n## " + Released.VERSION + "\n", "\n"));
    assertThat(Shell.run(copy, ".ci/release", "v" + Released.VERSION))
        .isEqualTo(
            new Cli(
                1,
                "release: .github/CHANGELOG.md has no heading ## %s\n"
                    .formatted(Released.VERSION)));
  }
}
