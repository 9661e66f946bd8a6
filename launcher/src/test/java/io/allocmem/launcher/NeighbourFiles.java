package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Control files that no agent wrote, in the control directory of a JVM in a container. */
final class NeighbourFiles {
  /** Shows where it is printed as it is: a title, a line like a row, C1 and bidirectional. */
  static final String EVIL = "\u001b]0;title\u0007\n1  root  forged\u009b2J\u202e";

  private static final int USER = 54321;

  /** Places in a control file. */
  private static final int TEXTS = 16;

  private static final int STATUS = 2560;
  private static final int COMMITTED = STATUS + 24;
  private static final int MESSAGE = STATUS + 16 + 14 * Long.BYTES;
  private static final int CHECKSUM = 4080;

  private NeighbourFiles() {}

  /** Its plan's record, changed, as files of plans that it does not have. */
  static void layFor(Target target) throws IOException, InterruptedException {
    Path directory = new LinuxProcess(target.pid()).temporary().resolve("allocmem_" + USER);
    byte[] honestRecord = Files.readAllBytes(directory.resolve("1.default"));
    lay(directory, "length", changed(honestRecord, in -> in.putShort(TEXTS, (short) -1)));
    lay(directory, "longer", changed(honestRecord, in -> in.putShort(TEXTS, Short.MAX_VALUE)));
    lay(directory, "phase", changed(honestRecord, in -> in.putInt(STATUS + 4, -7)));
    lay(directory, "size", changed(honestRecord, in -> in.putLong(COMMITTED, -1)));
    lay(directory, "alie", changed(honestRecord, NeighbourFiles::lie));
    lay(directory, "short", new byte[7]);
    lay(directory, "bad\u001b[2J", honestRecord);
    Files.createDirectory(directory.resolve("1.directory"));
    Files.createSymbolicLink(directory.resolve("1.link"), Path.of("/etc/passwd"));
    Path fifo = directory.resolve("1.fifo");
    assertThat(new ProcessBuilder("mkfifo", "-m", "600", fifo.toString()).start().waitFor())
        .isZero();
    Files.setAttribute(fifo, "unix:uid", USER);
  }

  private static void lay(Path directory, String name, byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("1." + name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(file, "unix:uid", USER);
  }

  /** Its sum is right. */
  private static byte[] changed(byte[] honestRecord, Consumer<ByteBuffer> change) {
    ByteBuffer file = ByteBuffer.wrap(honestRecord.clone());
    change.accept(file);
    CRC32 crc = new CRC32();
    crc.update(file.array(), STATUS, CHECKSUM - STATUS);
    return file.putLong(CHECKSUM, crc.getValue()).array();
  }

  /** All its texts but the agent's version and the plan's own, by which they are read. */
  private static void lie(ByteBuffer file) {
    file.position(TEXTS);
    List<String> honest = Stream.generate(() -> text(file)).limit(4).toList();
    file.position(TEXTS);
    Stream.of(honest.get(0), EVIL, EVIL, honest.get(3)).forEach(text -> putText(file, text));
    file.position(MESSAGE);
    putText(file, EVIL);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void putText(ByteBuffer in, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    in.putShort((short) bytes.length).put(bytes);
  }
}
