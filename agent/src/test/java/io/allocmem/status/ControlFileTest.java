package io.allocmem.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class ControlFileTest {
  private static Path file(String name) throws IOException {
    return ControlDirectory.own().resolve(ProcessHandle.current().pid() + "." + name);
  }

  @Test
  void carriesWhatThePlanSaysAndOnlyItsUserCanReadIt() throws IOException {
    try (ControlFile control = ControlFile.create("says", "m=1m,x=2m", "9.9")) {
      Counters counters = new Counters();
      counters.blocks = 3;
      counters.committed = 3L << 40;
      counters.message.append("a word");
      control.open(counters);
      Status status = ControlLayout.read(Files.readAllBytes(file("says")));
      assertThat(status.agentVersion).isEqualTo("9.9");
      assertThat(status.arguments).isEqualTo("m=1m,x=2m");
      assertThat(status.blocks).isEqualTo(3);
      assertThat(status.committed).isEqualTo(3L << 40);
      assertThat(status.resident).isEqualTo(ProcessReadings.UNKNOWN);
      assertThat(status.message).isEqualTo("a word");
      assertThat(permissions(file("says"))).isEqualTo("rw-------");
      assertThat(permissions(file("says").getParent())).isEqualTo("rwx------");
    }
    assertThat(file("says")).doesNotExist();
  }

  @Test
  void aTornRecordIsNoAnswer() throws IOException {
    try (ControlFile control = ControlFile.create("torn", "x=1m", "1")) {
      control.open(new Counters());
      byte[] bytes = Files.readAllBytes(file("torn"));
      assertThat(ControlLayout.read(bytes)).isNotNull();
      bytes[ControlLayout.STATUS + 20]++;
      assertThat(ControlLayout.read(bytes)).isNull();
    }
  }

  @Test
  void anotherProtocolIsNamed() throws IOException {
    try (ControlFile control = ControlFile.create("newer", "x=1m", "1")) {
      control.open(new Counters());
      byte[] bytes = Files.readAllBytes(file("newer"));
      bytes[11] = 7;
      assertThatThrownBy(() -> ControlLayout.read(bytes))
          .hasMessage("the agent inside speaks control protocol 7, this launcher 1");
    }
  }

  @Test
  void whatAKilledJvmOfThisPidLeftIsReplaced() throws IOException {
    Files.write(file("left"), new byte[] {1, 2, 3});
    try (ControlFile control = ControlFile.create("left", "x=1m", "1")) {
      control.open(new Counters());
      assertThat(ControlLayout.read(Files.readAllBytes(file("left")))).isNotNull();
    }
  }

  @Test
  void aLinkIsNeverFollowed() throws IOException {
    Path precious = Files.createTempFile("precious-", "");
    Path link = Files.createSymbolicLink(file("link"), precious);
    try {
      assertThatThrownBy(() -> ControlFile.create("link", "x=1m", "1"))
          .hasMessage(link + " is in the way of a control file: remove it");
      assertThat(precious).isEmptyFile();
    } finally {
      Files.delete(link);
      Files.delete(precious);
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
