package io.allocmem.launcher.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts of the repository. */
class ShellScriptsTest {
  private static final List<String> FOLDERS =
      List.of(".ci", "agent/src", "launcher/src", "examples");

  /**
   * Left out: variables of the script that the examples share (SC1091, SC2154), calls by traps
   * (SC2317, later SC2329), and taste (SC2015).
   */
  private static final String SHELLCHECK = "--exclude=SC1091,SC2154,SC2317,SC2329,SC2015";

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(Documents.ROOT.resolve(folder))) {
        files.filter(Files::isRegularFile).filter(ShellScriptsTest::isScript).forEach(scripts::add);
      }
    }
    assertThat(scripts).hasSizeGreaterThan(15);
    return scripts;
  }

  private static boolean isScript(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return text.startsWith("#!/") && text.lines().findFirst().orElse("").endsWith("sh");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resources of tests are copied, and are made executable there. */
  @Test
  void eachScriptIsExecutable() throws IOException {
    assertThat(scripts())
        .filteredOn(script -> !script.toString().contains("/src/test/resources/"))
        .allMatch(Files::isExecutable);
  }

  @Test
  void shellcheckFindsNothing() throws IOException {
    assertThat(shellcheck(scripts())).isEqualTo(new Cli(0, ""));
  }

  @Test
  void aWordWithoutQuotesIsFound(@TempDir Path directory) throws IOException {
    Path script = Files.writeString(directory.resolve("bad.sh"), "#!/bin/sh\nrm $1\n");
    assertThat(shellcheck(List.of(script)).out()).contains("SC2086");
  }

  private static Cli shellcheck(List<Path> scripts) {
    List<String> command = new ArrayList<>(List.of("shellcheck", SHELLCHECK));
    scripts.forEach(script -> command.add(script.toString()));
    try {
      return Cli.of(command, "");
    } catch (UncheckedIOException missing) {
      assumeTrue(false, "shellcheck is not installed");
      throw missing;
    }
  }
}
