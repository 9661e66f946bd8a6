package io.allocmem.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that another user could create in a directory of control files. */
class TrustTest {
  @TempDir Path directory;
  private Path file;
  private String user;

  @BeforeEach
  void aFileOfOurs() throws IOException {
    user = ThisProcess.user();
    allow(directory, "rwx------");
    file = directory.resolve("1.default");
    Files.createFile(file, ControlDirectory.ownerOnly("rw-------"));
  }

  @Test
  void oursIsTrusted() throws IOException {
    assertThat(Trust.isOwnDirectory(directory)).isTrue();
    Trust.require(file);
  }

  @Test
  void aSymbolicLinkIsNotTrusted() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("1.link"), file);
    assertRefused(link, " is a link, which is never followed: remove it");
  }

  @Test
  void aHardLinkIsNotTrusted() throws IOException {
    Path link = Files.createLink(directory.resolve("1.hard"), file);
    assertRefused(link, " is a hard link to a file that has another name as well: remove it");
  }

  @Test
  void aDirectoryIsNoFile() throws IOException {
    assertRefused(Files.createDirectory(directory.resolve("1.dir")), " is not a file: remove it");
  }

  @Test
  void aFileThatOthersCanWriteIsNotTrusted() throws IOException {
    allow(file, "rw--w----");
    assertRefused(file, " can be written by others than its owner: remove it");
  }

  @Test
  void aFileOfAnotherUserIsNotTrusted() throws IOException {
    assumeThat(user).as("only root can give a file to another user").isEqualTo("root");
    Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
    assertRefused(file, " belongs to another user than its directory: remove it");
  }

  @Test
  void aDirectoryThatOthersCanWriteIsNotTrusted() throws IOException {
    allow(directory, "rwxrwxr-x");
    assertThat(Trust.isOwnDirectory(directory)).isFalse();
    allow(directory, "r-x------");
    assertThat(Trust.isOwnDirectory(directory)).as("nor one that we cannot write").isFalse();
  }

  @Test
  void aDirectoryOfAnotherUserOrALinkIsNotTrusted() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    assertThat(Trust.isOwnDirectory(link)).isFalse();
    assertThat(Trust.isOwnDirectory(directory.resolve("missing"))).isFalse();
    assumeThat(user).as("only root can give a file to another user").isEqualTo("root");
    Files.setAttribute(directory, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
    assertThat(Trust.isOwnDirectory(directory)).isFalse();
  }

  private static void assertRefused(Path path, String objection) throws IOException {
    assertThatThrownBy(() -> Trust.require(path)).hasMessage(path + objection);
    assertThat(path).exists();
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
