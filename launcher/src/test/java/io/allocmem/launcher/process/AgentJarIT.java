package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path of the agent's jar in a directory where other users can take names. */
class AgentJarIT {
  private static final int PID = 4711;
  private static final FileTime LONG_AGO = FileTime.from(Instant.now().minusSeconds(120));

  @TempDir private Path directory;

  /** A file that another process has put at the usual name. */
  private enum Planted {
    FILE {
      @Override
      void at(Path name, Path elsewhere) throws IOException {
        Files.createFile(name);
      }
    },
    LINK {
      @Override
      void at(Path name, Path elsewhere) throws IOException {
        Files.createSymbolicLink(name, elsewhere);
      }
    },
    HARD_LINK {
      @Override
      void at(Path name, Path elsewhere) throws IOException {
        Files.createLink(name, Files.createFile(elsewhere));
        Files.setLastModifiedTime(name, LONG_AGO);
      }
    },
    WRITABLE {
      @Override
      void at(Path name, Path elsewhere) throws IOException {
        Files.createFile(name);
        Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rw--w--w-"));
        Files.setLastModifiedTime(name, LONG_AGO);
      }
    },
    DIRECTORY {
      @Override
      void at(Path name, Path elsewhere) throws IOException {
        Files.createDirectory(name);
        Files.setLastModifiedTime(name, LONG_AGO);
      }
    };

    abstract void at(Path name, Path elsewhere) throws IOException;
  }

  @Test
  void oneAgentComesToOneJvmByOnePath() throws IOException {
    Path first = usual();
    assertThat(usual()).isEqualTo(first);
    try (AgentJar other = AgentJar.createIn(directory, PID + 1, false);
        AgentJar again = AgentJar.createIn(directory, PID, true)) {
      assertThat(List.of(other.path(), again.path())).doesNotContain(first).doesNotHaveDuplicates();
    }
    assertThat(names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Planted.class)
  void aTakenNameIsNeverUsed(Planted planted) throws IOException {
    for (String suffix : List.of("", ".answer")) {
      Path usual = usual();
      Path taken = directory.resolve(usual.getFileName() + suffix);
      Path elsewhere = directory.resolve("elsewhere" + suffix);
      planted.at(taken, elsewhere);
      try (AgentJar jar = AgentJar.createIn(directory, PID, false)) {
        assertThat(jar.path()).isNotEqualTo(usual);
        assertThat(directory.resolve(jar.path().getFileName())).isRegularFile();
      }
      assertThat(Files.exists(taken, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(Files.exists(elsewhere)).isEqualTo(planted == Planted.HARD_LINK);
      Files.delete(taken);
      Files.deleteIfExists(elsewhere);
      assertThat(names()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyTheUsersOwnLeftoverIsReplaced(boolean own) throws IOException {
    Path usual = usual();
    Path leftover = Files.createFile(directory.resolve(usual.getFileName()));
    Files.setPosixFilePermissions(leftover, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(leftover, LONG_AGO);
    if (!own) {
      assumeTrue(LinuxProcess.self().uid() == 0, "needs root");
      Files.setAttribute(leftover, "unix:uid", 1);
    }
    try (AgentJar jar = AgentJar.createIn(directory, PID, false)) {
      assertThat(jar.path().equals(usual)).isEqualTo(own);
      assertThat(Files.size(leftover) > 0).isEqualTo(own);
    }
    assertThat(Files.exists(leftover)).isNotEqualTo(own);
  }

  /** A JVM that was stopped comes for a jar that its launcher has given up. */
  @Test
  void aJarThatWasGivenUpKeepsItsNameAndNoContent() throws IOException {
    Path name;
    try (AgentJar jar = AgentJar.createIn(directory, PID, false)) {
      name = directory.resolve(jar.path().getFileName());
      try (InputStream opened = Files.newInputStream(name)) {
        long size = Files.size(name);
        jar.giveUp();
        assertThat(opened.readAllBytes()).as("of a JVM that was faster").hasSize((int) size);
      }
    }
    assertThat(names()).containsExactly(name);
    assertThat(name).isEmptyFile();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(name)))
        .isEqualTo("rw-------");
    Files.setLastModifiedTime(name, LONG_AGO);
    assertThat(usual().getFileName()).as("by the next attach").isEqualTo(name.getFileName());
    assertThat(names()).isEmpty();
  }

  @Test
  void aJarThatAnotherHasReplacedIsNotReplacedByAnEmptyFile() throws IOException {
    try (AgentJar jar = AgentJar.createIn(directory, PID, false)) {
      Path name = directory.resolve(jar.path().getFileName());
      Path away = directory.resolve("away"); // a new file may have the number of a deleted one
      Files.move(name, away);
      Files.writeString(name, "of another");
      jar.giveUp();
      assertThat(name).hasContent("of another");
      Files.delete(name);
      Files.delete(away);
    }
    assertThat(names()).isEmpty();
  }

  /** Two launchers of one user at the same JVM, without a lock in common. */
  @Test
  void twoLaunchersAtOnceHaveTwoFiles() throws IOException {
    try (AgentJar one = AgentJar.createIn(directory, PID, false);
        AgentJar two = AgentJar.createIn(directory, PID, false)) {
      assertThat(one.path()).isNotEqualTo(two.path());
      assertThat(names()).hasSize(4);
    }
    assertThat(names()).isEmpty();
  }

  private Path usual() throws IOException {
    try (AgentJar jar = AgentJar.createIn(directory, PID, false)) {
      return jar.path();
    }
  }

  private List<Path> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }
}
