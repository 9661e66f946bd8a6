package io.allocmem.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ControlFileTest {
  /** What an agent of protocol 1 wrote. */
  private static final int NEWER = ControlLayout.PROTOCOL + 1;

  private static final Path PROTOCOL_1 =
      Path.of("src/test/resources/io/allocmem/status/protocol-1.control");

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
  void aFileOfAnOlderProtocolIsReadWithoutWhatItLacks() throws IOException {
    byte[] older = Files.readAllBytes(PROTOCOL_1);
    Status status = ControlLayout.read(older);
    assertThat(status.collections).isEqualTo(ProcessReadings.UNKNOWN);
    assertThat(status.protocol).isEqualTo(1).isLessThan(ControlLayout.PROTOCOL);
    assertThat(status.started).isEqualTo(ProcessReadings.UNKNOWN);
    assertThat(List.of(status.agentVersion, status.arguments, status.message))
        .containsExactly("0.1.0", "m=1m,x=2m", "written by protocol 1");
    assertThat(List.of(status.blocks, status.committed, status.rssBefore))
        .containsExactly(2L, 2L << 20, 50L << 20);
    assertThat(status.phase).isEqualTo(Phase.HOLDING);
  }

  /** Made up: a start time, a longer record behind the message, and a phase that is not known. */
  @Test
  void ofAFileOfANewerProtocolWhatIsKnownIsRead() throws IOException {
    ByteBuffer newer = ByteBuffer.wrap(Files.readAllBytes(PROTOCOL_1));
    newer.putInt(8, NEWER).putLong(2040, 4711);
    newer.putInt(ControlLayout.STATUS + 4, Phase.values().length + 5);
    newer.putLong(4000, 42); // the field that it added
    newer.putLong(ControlLayout.CHECKSUM, ControlLayout.checksum(new CRC32(), newer.array()));
    Status status = ControlLayout.read(newer.array());
    assertThat(status.protocol).isEqualTo(NEWER).isGreaterThan(ControlLayout.PROTOCOL);
    assertThat(status.started).isEqualTo(4711);
    assertThat(status.phase).isEqualTo(Phase.OTHER);
    assertThat(status.message).isEqualTo("written by protocol 1");
  }

  @Test
  void saysWhenItsProcessStarted() throws IOException {
    try (ControlFile control = ControlFile.create("started", "x=1m", "1")) {
      control.open(new Counters());
      Status status = ControlLayout.read(Files.readAllBytes(file("started")));
      assertThat(status.protocol).isEqualTo(ControlLayout.PROTOCOL);
      assertThat(status.started).isEqualTo(StartTime.of("self")).isPositive();
    }
  }

  @Test
  void aCommandSaysWhoSentItAndAnOlderLaunchersIsNobodys() throws IOException {
    try (ControlFile control = ControlFile.create("sender", "x=1m", "1");
        RandomAccessFile launcher = new RandomAccessFile(file("sender").toFile(), "rw")) {
      control.open(new Counters());
      String longest = "u".repeat(64);
      assertThat(sentBy(launcher, control, 1, Sender.of(1, longest + "!", 4711)))
          .isEqualTo(longest + " (pid 4711)");
      assertThat(sentBy(launcher, control, 2, Sender.of(2, "a\nb\u00e9", -1)))
          .isEqualTo("a b? (pid 0)");
      assertThat(sentBy(launcher, control, 3, null)).isEqualTo("a launcher");
    }
  }

  private static String sentBy(
      RandomAccessFile launcher, ControlFile control, int sequence, ByteBuffer sender)
      throws IOException {
    if (sender != null) {
      launcher.getChannel().write(sender, ControlLayout.SENDER);
    }
    launcher.seek(ControlLayout.COMMAND);
    launcher.writeLong((long) sequence << 32 | Command.PAUSE.ordinal());
    assertThat(control.poll()).isEqualTo(Command.PAUSE);
    AsciiLine line = new AsciiLine(200);
    control.appendSender(line);
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  @Test
  void theStartTimeIsFoundWhateverTheProgramIsNamed() {
    String rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20 21";
    assertThat(StartTime.in("7 (java) " + rest)).isEqualTo(98765);
    assertThat(StartTime.in("7 (a) b) R 1 (2 ) " + rest)).isEqualTo(98765);
    assertThat(StartTime.of("0")).isEqualTo(ProcessReadings.UNKNOWN);
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
          .hasMessage(link + " is a link, which is never followed: remove it");
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
