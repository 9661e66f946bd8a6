package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Debian packages of a built release, installed by dpkg into a directory. */
class DebianRelease {
  private static final String PACKAGE = "allocmem-linux-x64.deb";

  @TempDir private static Path root;

  @BeforeAll
  static void install() throws IOException {
    assumeTrue(Shell.has("dpkg"), "there is no dpkg");
    Files.createDirectories(root.resolve("var/lib/dpkg/info"));
    Files.createDirectories(root.resolve("var/lib/dpkg/updates"));
    Files.createFile(root.resolve("var/lib/dpkg/status"));
    Cli installed = dpkg("--install", Released.file(PACKAGE));
    assertThat(installed.code()).as(installed.out()).isZero();
  }

  /** The directory has no C library of its own: its package counts as missing there. */
  private static Cli dpkg(Object... words) {
    List<Object> command =
        Stream.concat(
                Stream.of("dpkg", "--root=" + root, "--force-depends", "--force-not-root"),
                Stream.of(words))
            .toList();
    return Shell.run(root, command.toArray());
  }

  private static Cli allocmem(Object... words) {
    return Shell.run(
        root,
        Stream.concat(Stream.of(root.resolve("usr/bin/allocmem")), Stream.of(words)).toArray());
  }

  @Test
  void theCommandStartsFromTheInstalledFiles() {
    assertThat(allocmem("--version"))
        .isEqualTo(new Cli(0, "allocmem %s\n".formatted(Released.VERSION)));
  }

  @Test
  void theCommandHoldsAndReleasesMemoryInAJvm() {
    try (Target target = Target.start(Jdks.all().get(0))) {
      assertThat(allocmem("attach", target.pid(), "-x", "10", "-a", "native").code()).isZero();
      Plans.await(target, Phase.HOLDING);
      assertThat(allocmem("release", target.pid()).out()).contains("released 10 MiB");
    }
  }

  /** A time or size of the jar that differs from the archive's makes the archive useless. */
  @Test
  void theArchiveOfClassesStillFitsTheJar() {
    Path home = root.resolve("usr/lib/allocmem/lib");
    Cli started =
        Shell.run(
            root,
            home.resolve("runtime/bin/java"),
            "-XX:+UseSerialGC",
            "-Xshare:on",
            "-XX:SharedArchiveFile=" + home.resolve("allocmem.jsa"),
            "-jar",
            home.resolve("allocmem.jar"),
            "--version");
    assertThat(started).isEqualTo(new Cli(0, "allocmem %s\n".formatted(Released.VERSION)));
  }

  @Test
  void theAgentIsWhereThePageSays() {
    assertThat(root.resolve("usr/share/java/allocmem-agent.jar"))
        .hasSameBinaryContentAs(Released.file("allocmem-agent-VERSION.jar"));
  }

  @Test
  void manPagesCompletionAndLicencesAreInstalled() {
    assertThat(
            List.of(
                "man/man1/allocmem.1.gz",
                "man/man1/allocmem-attach.1.gz",
                "bash-completion/completions/allocmem",
                "doc/allocmem/copyright",
                "doc/allocmem/changelog.gz"))
        .allMatch(name -> Files.isRegularFile(root.resolve("usr/share/" + name)));
    assertThat(root.resolve("usr/lib/allocmem/lib/runtime/legal/java.base")).isNotEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x64", "arm64"})
  void eachFileBelongsToRootAndIsReadableForAll(String platform) {
    String contents =
        Shell.run(root, "dpkg-deb", "-c", Released.file("allocmem-linux-" + platform + ".deb"))
            .out();
    assertThat(contents.lines())
        .hasSizeGreaterThan(50)
        .allMatch(line -> line.matches("(l|[-dh]rw.r-.r-.).* root/root .*"), "of root")
        .allMatch(line -> line.matches(".* \\./(usr/.*)?"), "below /usr");
  }

  @ParameterizedTest
  @CsvSource({"x64, amd64, 62", "arm64, arm64, 183"})
  void theArchitectureIsThatOfTheProgram(String platform, String architecture, int machine)
      throws IOException {
    Path built = Released.file("allocmem-linux-" + platform + ".deb");
    assertThat(field(built, "Architecture")).isEqualTo(architecture);
    Path files = Files.createDirectory(root.resolve(platform));
    assertThat(Shell.run(root, "dpkg-deb", "-x", built, files).code()).isZero();
    byte[] java = Files.readAllBytes(files.resolve("usr/lib/allocmem/lib/runtime/bin/java"));
    assertThat(java[18] & 0xff).as("e_machine of ELF").isEqualTo(machine);
  }

  @Test
  void theFieldsAreThoseThatAPackageNeeds() {
    Path built = Released.file(PACKAGE);
    assertThat(field(built, "Version")).isEqualTo(Released.VERSION.replace('-', '~'));
    assertThat(field(built, "Maintainer")).matches(".+ <.+@.+>");
    assertThat(field(built, "Homepage")).isEqualTo(Released.URL);
    assertThat(field(built, "Depends")).startsWith("libc6 (>= 2.");
    assertThat(Integer.parseInt(field(built, "Installed-Size"))).isBetween(40_000, 120_000);
  }

  /** Ubuntu 22.04 has version 2.35 of the C library, and Ubuntu 24.04 version 2.39. */
  @ParameterizedTest
  @CsvSource({"x64, 35", "arm64, 39"})
  void theCLibraryThatIsNeededIsThatOfTheSystemsOnThePage(String platform, int newest) {
    Path built = Released.file("allocmem-linux-" + platform + ".deb");
    Matcher needed = Pattern.compile("libc6 \\(>= 2\\.(\\d+)\\)").matcher(field(built, "Depends"));
    assertThat(needed.find()).isTrue();
    assertThat(Integer.parseInt(needed.group(1))).isLessThanOrEqualTo(newest);
  }

  private static String field(Path built, String name) {
    return Shell.run(root, "dpkg-deb", "-f", built, name).out().strip();
  }

  @Test
  void theInstalledFilesAreThoseOfTheSums() {
    assertThat(dpkg("--verify", "allocmem")).isEqualTo(new Cli(0, ""));
  }

  /** A removal in a second directory, since the other tests use the first. */
  @Test
  void aRemovalLeavesNothing(@TempDir Path other) throws IOException {
    Path first = root;
    try {
      root = other;
      install();
      assertThat(allocmem("--version").code()).isZero();
      assertThat(dpkg("--purge", "allocmem").code()).isZero();
      assertThat(other.resolve("usr")).doesNotExist();
    } finally {
      root = first;
    }
  }
}
