package io.allocmem.control;

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
  private static final int NEWER = ControlLayout.PROTOCOL + 1;

  /** Control file written by an agent of protocol 1. */
  private static final Path PROTOCOL_1 =
      Path.of("src/test/resources/io/allocmem/control/protocol-1.control");

  private final AsciiLine noMessage = new AsciiLine(1);

  private static Path file(String name) throws IOException {
    return ControlDirectory.own().resolve(ProcessHandle.current().pid() + "." + name);
  }

  @Test
  void carriesWhatThePlanSaysAndOnlyItsUserCanReadIt() throws IOException {
    try (ControlFile control = ControlFile.create("says", "m=1m,x=2m", "9.9", new ChannelLock())) {
      Readings readings = new Readings();
      readings.set(Reading.BLOCKS, 3);
      readings.set(Reading.COMMITTED, 3L << 40);
      AsciiLine message = new AsciiLine(99).append("a word");
      control.open(Phase.HOLDING, readings, message);
      Status status = ControlLayout.read(Files.readAllBytes(file("says")));
      assertThat(status.agentVersion).isEqualTo("9.9");
      assertThat(status.arguments).isEqualTo("m=1m,x=2m");
      assertThat(status.get(Reading.BLOCKS)).isEqualTo(3);
      assertThat(status.get(Reading.COMMITTED)).isEqualTo(3L << 40);
      assertThat(status.get(Reading.RESIDENT)).isEqualTo(Reading.UNKNOWN);
      assertThat(status.phase).isEqualTo(Phase.HOLDING);
      assertThat(status.message).isEqualTo("a word");
      assertThat(permissions(file("says"))).isEqualTo("rw-------");
      assertThat(permissions(file("says").getParent())).isEqualTo("rwx------");
    }
    assertThat(file("says")).doesNotExist();
  }

  @Test
  void aTornRecordIsNoAnswer() throws IOException {
    try (ControlFile control = ControlFile.create("torn", "x=1m", "1", new ChannelLock())) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
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
    assertThat(status.get(Reading.COLLECTIONS)).isEqualTo(Reading.UNKNOWN);
    assertThat(status.protocol).isEqualTo(1).isLessThan(ControlLayout.PROTOCOL);
    assertThat(status.started).isEqualTo(Reading.UNKNOWN);
    assertThat(List.of(status.agentVersion, status.arguments, status.message))
        .containsExactly("0.1.0", "m=1m,x=2m", "written by protocol 1");
    assertThat(
            List.of(
                status.get(Reading.BLOCKS),
                status.get(Reading.COMMITTED),
                status.get(Reading.RSS_BEFORE)))
        .containsExactly(2L, 2L << 20, 50L << 20);
    assertThat(status.phase).isEqualTo(Phase.HOLDING);
  }

  /**
   * Simulates a newer protocol: a start time, a longer record after the message, and an unknown
   * phase.
   */
  @Test
  void ofAFileOfANewerProtocolWhatIsKnownIsRead() throws IOException {
    ByteBuffer newer = ByteBuffer.wrap(Files.readAllBytes(PROTOCOL_1));
    newer.putInt(8, NEWER).putLong(2040, 4711);
    newer.putInt(ControlLayout.STATUS + 4, Phase.values().length + 5);
    newer.putLong(4000, 42); // a field of the newer protocol
    newer.putLong(ControlLayout.CHECKSUM, ControlLayout.checksum(new CRC32(), newer.array()));
    Status status = ControlLayout.read(newer.array());
    assertThat(status.protocol).isEqualTo(NEWER).isGreaterThan(ControlLayout.PROTOCOL);
    assertThat(status.started).isEqualTo(4711);
    assertThat(status.phase).isEqualTo(Phase.OTHER);
    assertThat(status.message).isEqualTo("written by protocol 1");
  }

  @Test
  void saysWhenItsProcessStarted() throws IOException {
    try (ControlFile control = ControlFile.create("started", "x=1m", "1", new ChannelLock())) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      Status status = ControlLayout.read(Files.readAllBytes(file("started")));
      assertThat(status.protocol).isEqualTo(ControlLayout.PROTOCOL);
      assertThat(status.started).isEqualTo(StartTime.of("self")).isPositive();
    }
  }

  @Test
  void aCommandSaysWhoSentItAndAnOlderLaunchersIsNobodys() throws IOException {
    try (ControlFile control = ControlFile.create("sender", "x=1m", "1", new ChannelLock());
        RandomAccessFile launcher = new RandomAccessFile(file("sender").toFile(), "rw")) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      String longest = "u".repeat(64);
      assertThat(sentBy(launcher, control, 1, Sender.of(1, longest + "!", 4711)))
          .isEqualTo(longest + " (pid 4711)");
      assertThat(sentBy(launcher, control, 2, Sender.of(2, "a\nb\u00e9", -1)))
          .isEqualTo("a b? (pid 0)");
      assertThat(sentBy(launcher, control, 3, null)).isEqualTo("a launcher");
    }
  }

  /**
   * Order in a stopped process: SIGSTOP, release, resume, SIGCONT. The plan finds both commands at
   * once.
   */
  @Test
  void aReleaseIsMetWhateverWasCommandedAfterIt() throws IOException {
    try (ControlFile control = ControlFile.create("sticky", "x=1m", "1", new ChannelLock());
        RandomAccessFile launcher = new RandomAccessFile(file("sticky").toFile(), "rw")) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      launcher.getChannel().write(Sender.of(5, "one", 1), ControlLayout.RELEASE_SENDER);
      command(launcher, ControlLayout.RELEASE, 5, PlanCommand.RELEASE);
      launcher.getChannel().write(Sender.of(6, "two", 2), ControlLayout.SENDER);
      command(launcher, ControlLayout.COMMAND, 6, PlanCommand.RESUME);
      assertThat(control.poll()).isEqualTo(PlanCommand.RELEASE);
      assertThat(senderIn(control)).isEqualTo("one (pid 1)");
      control.publish(Phase.ALLOCATING, new Readings(), noMessage);
      assertThat(ControlLayout.read(Files.readAllBytes(file("sticky"))).acknowledged).isEqualTo(6);
      assertThat(control.poll()).isEqualTo(PlanCommand.NONE);
      command(launcher, ControlLayout.RELEASE, 7, PlanCommand.RELEASE_AND_COLLECT);
      assertThat(control.poll()).isEqualTo(PlanCommand.RELEASE_AND_COLLECT);
      command(launcher, ControlLayout.COMMAND, 7, PlanCommand.RELEASE_AND_COLLECT);
      assertThat(control.poll()).isEqualTo(PlanCommand.NONE);
    }
  }

  private static void command(RandomAccessFile launcher, int at, int sequence, PlanCommand command)
      throws IOException {
    launcher.seek(at);
    launcher.writeLong((long) sequence << 32 | command.ordinal());
  }

  private static String senderIn(ControlFile control) {
    AsciiLine line = new AsciiLine(200);
    control.appendSender(line);
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  private static String sentBy(
      RandomAccessFile launcher, ControlFile control, int sequence, ByteBuffer sender)
      throws IOException {
    if (sender != null) {
      launcher.getChannel().write(sender, ControlLayout.SENDER);
    }
    command(launcher, ControlLayout.COMMAND, sequence, PlanCommand.PAUSE);
    assertThat(control.poll()).isEqualTo(PlanCommand.PAUSE);
    return senderIn(control);
  }

  @Test
  void theStartTimeIsFoundWhateverTheProgramIsNamed() {
    String rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20 21";
    assertThat(StartTime.in("7 (java) " + rest)).isEqualTo(98765);
    assertThat(StartTime.in("7 (a) b) R 1 (2 ) " + rest)).isEqualTo(98765);
    assertThat(StartTime.of("0")).isEqualTo(Reading.UNKNOWN);
  }

  @Test
  void whatAKilledJvmOfThisPidLeftIsReplaced() throws IOException {
    Files.write(file("left"), new byte[] {1, 2, 3});
    try (ControlFile control = ControlFile.create("left", "x=1m", "1", new ChannelLock())) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      assertThat(ControlLayout.read(Files.readAllBytes(file("left")))).isNotNull();
    }
  }

  @Test
  void aLinkIsNeverFollowed() throws IOException {
    Path precious = Files.createTempFile("precious-", "");
    Path link = Files.createSymbolicLink(file("link"), precious);
    try {
      assertThatThrownBy(() -> ControlFile.create("link", "x=1m", "1", new ChannelLock()))
          .hasMessage(link + " is a link, which is never followed: remove it");
      assertThat(precious).isEmptyFile();
    } finally {
      Files.delete(link);
      Files.delete(precious);
    }
  }

  @Test
  void aPlanOfThisProcessKeepsItsNameThoughItsLockIsLost() throws IOException {
    try (ControlFile control = ControlFile.create("lost", "x=1m", "1", new ChannelLock())) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      Files.readAllBytes(file("lost")); // POSIX: closing any descriptor drops the lock
      assertThatThrownBy(() -> ControlFile.create("lost", "x=1m", "1", new ChannelLock()))
          .hasMessage(file("lost") + " is in use by another JVM with this pid");
    }
  }

  /** Simulates a plan with the same pid in another pid namespace, started at another time. */
  @Test
  void aPlanWhoseHeartbeatMovesKeepsItsNameThoughNobodyLocksIt() throws Exception {
    byte[] other = Files.readAllBytes(PROTOCOL_1);
    Thread beats =
        new Thread(
            () -> {
              try {
                while (true) {
                  long now = System.currentTimeMillis();
                  ByteBuffer record = ByteBuffer.wrap(other);
                  record.putLong(ControlLayout.STATUS + 8, now);
                  record.putLong(
                      ControlLayout.CHECKSUM, ControlLayout.checksum(new CRC32(), other));
                  Files.write(file("beats"), other);
                  Thread.sleep(50);
                }
              } catch (IOException | InterruptedException over) {
                return;
              }
            });
    beats.start();
    try {
      while (!Files.exists(file("beats")) || Files.size(file("beats")) == 0) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> ControlFile.create("beats", "x=1m", "1", new ChannelLock()))
          .hasMessage(file("beats") + " is in use by another JVM with this pid");
    } finally {
      beats.interrupt();
      beats.join();
    }
    ControlFile.create("beats", "x=1m", "1", new ChannelLock()).close();
  }

  @Test
  void argumentsAreNeverCutAndOtherTextsVisibly() throws IOException {
    String arguments = "log=" + "\u00e9".repeat((ControlLayout.ARGUMENTS_BYTES - 4) / 2);
    String main = System.getProperty("sun.java.command");
    System.setProperty("sun.java.command", "\u20ac".repeat(500));
    try (ControlFile control =
        ControlFile.create("long", arguments, "9".repeat(2000), new ChannelLock())) {
      control.open(Phase.ALLOCATING, new Readings(), noMessage);
      Status status = ControlLayout.read(Files.readAllBytes(file("long")));
      assertThat(status.arguments).isEqualTo(arguments);
      assertThat(status.agentVersion).isEqualTo("9".repeat(97) + "...");
      assertThat(status.mainClass).isEqualTo("\u20ac".repeat(159) + "...");
      assertThat(status.started).isEqualTo(StartTime.of("self"));
      assertThat(status.bootOffset).isEqualTo(StartTime.bootOffset());
    } finally {
      System.setProperty("sun.java.command", main);
    }
    assertThatThrownBy(() -> ControlFile.create("long", arguments + "12", "1", new ChannelLock()))
        .hasMessageContaining("the control file has room for 1300: shorten them");
    assertThat(file("long")).doesNotExist();
  }

  @Test
  void oneStartIsTheSameInEachTimeNamespace() {
    String offsets = "monotonic           0         0\nboottime       86400 500000000\n";
    long offset = StartTime.offsetIn(offsets);
    assertThat(offset).isEqualTo(86_400_500_000_000L);
    assertThat(StartTime.isSame(8_640_050 + 4711, offset, 4711, 0)).isTrue();
    assertThat(StartTime.isSame(4711, 0, 8_640_051 + 4711, offset)).isTrue();
    assertThat(StartTime.isSame(4711, 0, 4711, offset)).isFalse();
    assertThat(StartTime.isSame(4711, 0, 4713, 0)).isFalse();
    assertThat(StartTime.isSame(4711, 0, Reading.UNKNOWN, 0)).isTrue();
  }

  @Test
  void whatNoAgentWritesIsNoAnswerAndNoSizeIsNegative() throws IOException {
    ByteBuffer bad = ByteBuffer.wrap(Files.readAllBytes(PROTOCOL_1));
    bad.putLong(ControlLayout.STATUS + 24, Long.MIN_VALUE); // committed
    bad.putLong(ControlLayout.CHECKSUM, ControlLayout.checksum(new CRC32(), bad.array()));
    assertThat(ControlLayout.read(bad.array()).get(Reading.COMMITTED)).isZero();
    for (int length : new int[] {-1, Short.MIN_VALUE, Short.MAX_VALUE}) {
      bad.putShort(16, (short) length);
      assertThat(ControlLayout.read(bad.array())).isNull();
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
