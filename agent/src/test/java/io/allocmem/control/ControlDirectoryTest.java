package io.allocmem.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Choice of the control directory if another user occupies the name, or if the usual place takes no
 * files.
 */
class ControlDirectoryTest {
  @TempDir private Path root;
  @TempDir private Path second;
  private Path usual;

  @BeforeEach
  void nameIt() throws IOException {
    usual = root.resolve(ControlDirectory.of(ThisProcess.user()).getFileName());
  }

  private Path use() throws IOException {
    return ControlDirectory.use(directory -> directory, root.toString(), second.toString());
  }

  @Test
  void itIsMadeOnceForItsOwnersEyesOnly() throws IOException {
    assertThat(use()).isEqualTo(usual).isEqualTo(use());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)))
        .isEqualTo("rwx------");
    assertThat(second).isEmptyDirectory();
  }

  @Test
  void aTakenNameIsPassedOverAndTheOtherNameIsFoundAgain() throws IOException {
    // stands for any foreign entry: a file, a link, a foreign or shared directory
    Files.createFile(usual);
    Path other = use();
    assertThat(other.getParent()).isEqualTo(root);
    assertThat(other.getFileName().toString()).startsWith(usual.getFileName() + "-");
    assertThat(use()).isEqualTo(other);
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(use()).isNotEqualTo(other).isEqualTo(use());
    Files.delete(usual);
    Files.createSymbolicLink(usual, other);
    assertThat(use()).isNotEqualTo(usual);
  }

  @Test
  void whereOneRootDoesNotServeTheNextDoes() throws IOException {
    String missing = root.resolve("missing").toString();
    Path other = ControlDirectory.use(directory -> directory, missing, second.toString());
    assertThat(other).hasParent(second);
    Path full =
        ControlDirectory.use(
            directory -> {
              if (directory.startsWith(root)) {
                throw new FileSystemException(directory.toString(), null, "No space left");
              }
              return directory;
            },
            root.toString(),
            second.toString());
    assertThat(full).hasParent(second);
  }

  /**
   * Kubernetes creates an emptyDir with such rights: users could replace a directory between check
   * and use.
   */
  @Test
  void aRootWhoseFilesOthersCanReplaceIsPassedOver() throws IOException {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(use()).hasParent(second);
    assertThat(root).isEmptyDirectory();
    Files.setAttribute(root, "unix:mode", 01777);
    assertThat(use()).hasParent(root);
    Files.setAttribute(root, "unix:mode", 0775);
    Files.setAttribute(second, "unix:mode", 0777);
    assertThatThrownBy(this::use)
        .hasMessageContaining(
            root + ": others can replace files there; chmod +t " + root + "; " + second + ": oth");
  }

  @Test
  void whereNoneServesTheSentenceSaysWhatWasTried() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    String missing = root.resolve("missing").toString();
    assertThatThrownBy(() -> ControlDirectory.use(directory -> directory, file.toString(), missing))
        .hasMessageStartingWith("no directory for the plan's files (" + file + ": ")
        .hasMessageContaining("; " + missing + ": NoSuchFileException)");
  }
}
