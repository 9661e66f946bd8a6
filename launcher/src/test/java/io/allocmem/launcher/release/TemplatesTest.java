package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The templates of a release, filled with the sums of files made by the test. */
class TemplatesTest {
  private static final Path TEMPLATES = Path.of("src/release").toAbsolutePath();
  private static final String URL = "https://example.org/a&b";
  private static final Pattern DOWNLOAD =
      Pattern.compile("/releases/download/v9\\.8\\.7/([^\"\\s]+)");
  private static final Pattern NAMED = Pattern.compile("@SHA256:([^@]+)@");

  @TempDir private Path release;

  static Stream<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(TEMPLATES)) {
      return files.filter(file -> !file.toString().endsWith(".sh")).toList().stream();
    }
  }

  @BeforeEach
  void makeTheFilesThatTheTemplatesName() throws IOException {
    for (Path template : templates().toList()) {
      for (String name : named(template)) {
        Files.writeString(release.resolve(name), "content of " + name);
      }
    }
  }

  private static Set<String> named(Path template) throws IOException {
    Set<String> names = new TreeSet<>();
    NAMED.matcher(Files.readString(template)).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  private Cli fill(Path template) {
    return Shell.run(TEMPLATES, "./fill.sh", template, release, "9.8.7", URL);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aFilledTemplateHasTheSumOfEachFileAndNoPlaceholder(Path template) throws IOException {
    Cli filled = fill(template);
    assertThat(filled.code()).as(filled.out()).isZero();
    assertThat(filled.out()).contains(URL, "9.8.7").doesNotContainPattern("@[A-Z]");
    for (String name : named(template)) {
      assertThat(filled.out()).contains(Released.sum(release.resolve(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void eachDownloadHasItsSum(Path template) throws IOException {
    List<String> downloads =
        DOWNLOAD.matcher(fill(template).out()).results().map(found -> found.group(1)).toList();
    assertThat(downloads).isNotEmpty().allMatch(named(template)::contains);
  }

  @Test
  void theCatalogOfJbangHasOneAliasWithAnAddress() throws IOException {
    String catalog = fill(TEMPLATES.resolve("jbang-catalog.json")).out();
    Map<?, ?> aliases = (Map<?, ?>) JSON.std.mapFrom(catalog).get("aliases");
    Map<?, ?> alias = (Map<?, ?>) aliases.get("allocmem");
    assertThat(aliases).hasSize(1);
    assertThat(alias.get("script-ref")).isEqualTo(URL + "/releases/download/v9.8.7/allocmem.jar");
    assertThat(alias.get("java")).isEqualTo("17+");
  }

  /** Ruby itself checks the formula where Ruby is installed; elsewhere the blocks are counted. */
  @Test
  void theFormulaOfHomebrewIsRuby() throws IOException {
    Path formula = release.resolve("allocmem.rb");
    Files.writeString(formula, fill(TEMPLATES.resolve("allocmem.rb")).out());
    if (Shell.has("ruby")) {
      assertThat(Shell.run(release, "ruby", "-c", formula)).isEqualTo(new Cli(0, "Syntax OK\n"));
    }
    List<String> lines = Files.readAllLines(formula).stream().map(String::strip).toList();
    assertThat(lines)
        .filteredOn(line -> line.equals("end"))
        .hasSameSizeAs(
            lines.stream().filter(line -> line.matches("(class|def|if) .*|.* do")).toList());
  }

  @Test
  void aTemplateThatNamesAMissingFileIsRefused() throws IOException {
    Path template = Files.writeString(release.resolve("x.json"), "@SHA256:absent.jar@\n");
    assertThat(fill(template))
        .isEqualTo(new Cli(1, "release: x.json names absent.jar, which is not in the release\n"));
  }

  @Test
  void anUnknownPlaceholderIsRefused() throws IOException {
    Path template = Files.writeString(release.resolve("x.json"), "@VERSION@ @SIZE:allocmem.jar@\n");
    assertThat(fill(template))
        .isEqualTo(new Cli(1, "release: x.json has an unknown placeholder: @SIZE:allocmem.jar@\n"));
  }
}
