package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a built release. Runs with {@code -Pimage,release} only. */
class WholeRelease {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| [^|]+ \\|$");

  @Test
  void hasEachFileOfThePageAndNoOther() throws IOException {
    String page = Files.readString(Path.of("docs/install.md"));
    String table = page.substring(page.indexOf("## Files of a release"));
    assertThat(ROW.matcher(table).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(Released.names());
  }

  @Test
  void theSumsAreThoseOfAllOtherFiles() throws IOException {
    assertThat(Shell.run(Released.DIRECTORY, "sha256sum", "--quiet", "--check", "SHA256SUMS"))
        .isEqualTo(new Cli(0, ""));
    assertThat(Files.readAllLines(Released.file("SHA256SUMS")))
        .extracting(line -> line.split(" [ *]", 2)[1].replace(Released.VERSION, "VERSION"))
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(
            Released.names().stream().filter(name -> !name.equals("SHA256SUMS")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jbang-catalog.json", "allocmem.rb", "allocmem.yaml"})
  void noPlaceholderIsLeftAndEachSumIsThatOfAFile(String name) throws IOException {
    String text = Files.readString(Released.file(name));
    assertThat(text)
        .doesNotContainPattern("@[A-Z]|\\$\\{")
        .contains(Released.URL + "/releases/download/v" + Released.VERSION + "/");
    String sums = Files.readString(Released.file("SHA256SUMS"));
    assertThat(Pattern.compile("\\b[0-9a-f]{64}\\b").matcher(text).results().toList())
        .isNotEmpty()
        .allMatch(sum -> sums.contains(sum.group() + "  "));
  }

  @Test
  void theListOfLibrariesHasEachLibraryOfTheJarWithItsLicence() throws IOException {
    Map<String, Object> list =
        JSON.std.mapFrom(Files.readString(Released.file("allocmem-sbom.json")));
    assertThat(list).containsEntry("bomFormat", "CycloneDX");
    assertThat(list.get("metadata").toString()).doesNotContain("timestamp");
    List<?> components = (List<?>) list.get("components");
    assertThat(components.stream().map(component -> value(component, "name")))
        .contains("allocmem-agent", "byte-buddy-agent", "picocli")
        .contains("jackson-core", "jackson-jr-objects", "jline-terminal", "HdrHistogram")
        .doesNotContain("junit-jupiter", "jline-native");
    assertThat(components).allMatch(component -> !value(component, "licenses").equals("null"));
  }

  private static String value(Object component, String field) {
    return String.valueOf(((Map<?, ?>) component).get(field));
  }

  @Test
  void theSourcesHaveEachFileThatIsCompiled() throws IOException {
    assertThat(entries("allocmem-agent-VERSION-sources.jar"))
        .containsAll(javaFiles(Path.of("../agent/src/main/java")));
  }

  @Test
  void theJavadocHasAPageForTheDoorAndNoTimeOfTheBuild() throws IOException {
    assertThat(entries("allocmem-agent-VERSION-javadoc.jar"))
        .contains("index.html", "io/allocmem/Agent.html", "io/allocmem/plan/HoldPlan.html");
    try (JarFile jar = new JarFile(Released.file("allocmem-agent-VERSION-javadoc.jar").toFile())) {
      byte[] page = jar.getInputStream(jar.getEntry("io/allocmem/Agent.html")).readAllBytes();
      assertThat(new String(page, StandardCharsets.UTF_8))
          .contains("Apache License 2.0")
          .doesNotContain("dc.created", "All rights reserved");
    }
  }

  private static List<String> entries(String jar) throws IOException {
    try (JarFile open = new JarFile(Released.file(jar).toFile())) {
      return open.stream().map(Object::toString).toList();
    }
  }

  private static List<String> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> root.relativize(file).toString())
          .toList();
    }
  }

  @Test
  void thePluginOfTheArchiveHasTheVersion(@TempDir Path folder) throws IOException {
    Path archive = Released.file("kubectl-allocmem.tar.gz");
    assertThat(Shell.run(folder, "tar", "xzf", archive)).isEqualTo(new Cli(0, ""));
    assertThat(Shell.run(folder, "./kubectl-allocmem", "--version"))
        .isEqualTo(new Cli(0, "kubectl allocmem %s\n".formatted(Released.VERSION)));
    assertThat(folder.resolve("LICENSE")).isNotEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x64", "arm64"})
  void theImageHasTheNameThatThePageRuns(String platform) {
    assertThat(
            Shell.run(
                    Released.DIRECTORY,
                    "tar",
                    "xOf",
                    "allocmem-image-linux-" + platform + ".tar",
                    "manifest.json")
                .out())
        .contains("\"localhost/allocmem:" + Released.VERSION + "\"");
  }
}
