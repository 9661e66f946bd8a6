package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.allocmem.launcher.fixtures.ImageArchive;
import io.allocmem.launcher.fixtures.ImageArchive.Entry;
import io.allocmem.launcher.fixtures.MainPom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and configuration of the built images. Runs with {@code -Pimage} only. */
class ContentsImage {
  private static final long AT_MOST = 80_000_000;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"x64", "arm64"})
  void hasTheFilesThatAreNamedInTheManual(String platform) throws IOException {
    assertThat(ImageArchive.unpack(platform, directory).entries())
        .extracting(Entry::path)
        .contains(
            "usr/bin/allocmem",
            "usr/bin/setpriv",
            "usr/bin/chroot",
            "opt/allocmem/allocmem-agent.jar",
            "opt/allocmem/lib/allocmem.jsa",
            "opt/allocmem/LICENSE",
            "bin/sh",
            "bin/sleep",
            "bin/tar",
            "usr/lib/locale/C.utf8/LC_CTYPE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x64", "arm64"})
  void hasNoFileThatGivesRights(String platform) throws IOException {
    List<Entry> entries = ImageArchive.unpack(platform, directory).entries();
    assertThat(entries).extracting(Entry::owner).containsOnly("0/0");
    assertThat(entries).extracting(Entry::mode).noneMatch(mode -> mode.contains("s"));
    assertThat(entries)
        .filteredOn(entry -> entry.mode().charAt(8) == 'w' && entry.mode().charAt(0) != 'l')
        .extracting(Entry::path, Entry::mode)
        .containsExactly(tuple("tmp/", "drwxrwxrwt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x64", "arm64"})
  void isSmall(String platform) throws IOException {
    assertThat(ImageArchive.unpack(platform, directory).size()).isLessThan(AT_MOST);
  }

  @ParameterizedTest
  @CsvSource({"x64,amd64", "arm64,arm64"})
  void namesPlatformVersionAndLicense(String platform, String architecture) throws IOException {
    ImageArchive image = ImageArchive.unpack(platform, directory);
    assertThat(image.manifest())
        .containsEntry("RepoTags", List.of("localhost/allocmem:" + MainPom.VERSION));
    assertThat(image.configuration())
        .containsEntry("architecture", architecture)
        .containsEntry("os", "linux")
        .containsEntry("created", "2026-11-23T00:00:00Z");
    Map<?, ?> config = (Map<?, ?>) image.configuration().get("config");
    assertThat(config.get("Entrypoint")).isEqualTo(List.of("/usr/bin/allocmem"));
    assertThat(config.get("Env"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .contains("LC_ALL=C.UTF-8");
    assertThat(config.get("Labels"))
        .isEqualTo(
            Map.of(
                "org.opencontainers.image.title", "allocmem",
                "org.opencontainers.image.description",
                    "A memory leak you control, inside somebody else's JVM",
                "org.opencontainers.image.version", MainPom.VERSION,
                "org.opencontainers.image.licenses", "Apache-2.0"));
  }
}
