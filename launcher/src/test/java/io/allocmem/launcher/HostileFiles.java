package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.StartTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** What nobody lays where root's commands look. All of it goes at the end. */
final class HostileFiles implements AutoCloseable {
  private static final int NOBODY = 65534;

  /** Places of {@link ControlLayout}. */
  private static final int TEXTS = 16;

  private static final int STARTED = 2040;
  private static final int STATUS = 2560;
  private static final int BLOCKS = STATUS + 16;
  private static final int MESSAGE = STATUS + 16 + 14 * Long.BYTES;
  private static final int CHECKSUM = 4080;

  private final List<Path> laid = new ArrayList<>();
  private final Path place = Files.createTempDirectory("hostile-");
  private final Path directory = directory("/tmp/allocmem_nobody");
  private final Path precious = file(place.resolve("precious"), "precious".getBytes());
  private final byte[] honest;

  HostileFiles(Path honest) throws IOException {
    this.honest = Files.readAllBytes(honest);
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(precious, "unix:uid", 0);
  }

  private Path directory(String path) throws IOException {
    Path made = Path.of(path);
    if (Files.notExists(made)) {
      Files.createDirectory(made);
      laid.add(made);
    }
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(made, "unix:uid", NOBODY);
    return made;
  }

  private Path file(Path path, byte[] content) {
    try {
      Files.write(path, content);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Files.setAttribute(path, "unix:uid", NOBODY);
      laid.add(path);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path fifo(Path path) {
    run("mkfifo", path.toString());
    run("chown", Integer.toString(NOBODY), path.toString());
    laid.add(path);
    return path;
  }

  private static void run(String... command) {
    try {
      assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A library, and beside it a file {@code release} of that kind. */
  Path jdk(String kind) throws IOException {
    Path home =
        Files.createDirectories(place.resolve(kind + "/lib/server")).getParent().getParent();
    Path release = home.resolve("release");
    switch (kind) {
      case "FIFO" -> fifo(release);
      case "link" -> Files.createSymbolicLink(release, Path.of("/dev/zero"));
      case "directory" -> Files.createDirectory(release);
      case "huge" -> setLength(file(release, new byte[0]), 1L << 40);
      case "title" ->
          Files.writeString(release, "JAVA_VERSION=\"1\u001b]0;title\u0007\u009b2J\"\n");
      default -> Files.writeString(release, "JAVA_VERSION=\"17" + kind + "\"\n");
    }
    return Files.write(home.resolve("lib/server/libjvm.so"), new byte[1]);
  }

  private static void setLength(Path file, long length) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process that swaps what could be its control file for a FIFO and a link, without end. */
  HostileProcess swapIn(Path libjvm) {
    Path swapped = directory.resolve("1.swapped");
    laid.add(swapped);
    Path real = file(directory.resolve("real"), honest);
    return new HostileProcess(
        libjvm, "swap", swapped.toString(), real.toString(), precious.toString());
  }

  /** A process that keeps its own control file locked, so that no command can be written. */
  HostileProcess lockIn(Path libjvm) throws IOException {
    String lay =
        "cp %s/proto %1$s/$$.locked && chmod 600 %1$s/$$.locked && exec \"$@\" %1$s/$$.locked";
    file(directory.resolve("proto"), honest);
    List<String> by = new ArrayList<>(Inside.NOBODY);
    by.addAll(List.of("sh", "-ec", lay.formatted(directory), "sh"));
    HostileProcess locker = new HostileProcess(by, libjvm, "lock");
    Path locked = directory.resolve(locker.pid() + ".locked");
    laid.add(locked);
    try (RandomAccessFile open = new RandomAccessFile(locked.toFile(), "rw")) {
      open.write(record(locker.pid(), in -> {})); // in its place: the lock is that file's
    }
    return locker;
  }

  /**
   * One whose /tmp has its control directory as a link to one of root's, and FIFOs for the rest.
   */
  HostileProcess inContainer(Path libjvm) {
    String script =
        """
        mount -t tmpfs -o mode=1777 tmpfs /mnt; mount --bind /mnt /var/tmp
        cp -r %1$s /mnt/place; cp "$1" /mnt/hostile
        ln -s /root /mnt/allocmem_root; mkfifo /mnt/allocmem_fifo /mnt/hsperfdata_x
        mount --bind /mnt /tmp; shift 2; chown -R 65534:65534 /tmp
        exec setpriv --reuid=65534 --regid=65534 --clear-groups /tmp/hostile /tmp/place/plain/lib/server/libjvm.so "$@"
        """
            .formatted(place);
    List<String> by =
        List.of(
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-ec",
            script,
            "sh");
    return new HostileProcess(by, libjvm, "swap", "/tmp/allocmem_x", "/tmp/hostile", "/root");
  }

  /** Files for a process, each wrong in a way of its own; some of them are valid, and lie. */
  void layFor(long pid) throws IOException {
    Path base = directory.resolve(pid + ".");
    lay(base, "length", record(pid, in -> in.putShort(TEXTS, (short) -1)));
    lay(base, "longer", record(pid, in -> in.putShort(TEXTS, Short.MAX_VALUE)));
    lay(
        base,
        "size",
        record(pid, in -> in.putLong(BLOCKS + 8, -1).putLong(BLOCKS + 24, -(1 << 20))));
    lay(base, "most", record(pid, in -> in.putLong(BLOCKS + 8, Long.MAX_VALUE)));
    lay(base, "phase", record(pid, in -> in.putInt(STATUS + 4, -7)));
    lay(
        base,
        "says",
        record(pid, in -> putText(in, MESSAGE, "\u001b]0;x\u0007\n1  root  forged\u202e")));
    lay(base, "main", record(pid, in -> putText(in, TEXTS, "\u009b2J\r\n1  root  forged")));
    lay(base, "short", new byte[7]);
    lay(base, "empty", new byte[0]);
    setLength(file(Path.of(base + "huge"), honest), 1L << 40);
    for (int i = 0; i < 50; i++) {
      byte[] torn = record(pid, in -> {});
      torn[CHECKSUM + 7]++;
      lay(base, "torn" + i, torn);
    }
    fifo(Path.of(base + "fifo"));
    laid.add(Files.createDirectory(Path.of(base + "dir")));
    laid.add(Files.createSymbolicLink(Path.of(base + "link"), precious));
    laid.add(Files.createLink(Path.of(base + "hard"), precious));
    lay(base, "bad\u001b[2J\nname", record(pid, in -> {}));
    lay(base, "x".repeat(200), record(pid, in -> {}));
  }

  private void lay(Path base, String name, byte[] content) {
    file(Path.of(base + name), content);
  }

  private static void putText(ByteBuffer in, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    in.putShort(at, (short) bytes.length).position(at + 2).put(bytes);
  }

  /** The honest plan's record as that process's, with a change, and the right checksum. */
  private byte[] record(long pid, Consumer<ByteBuffer> change) {
    ByteBuffer file = ByteBuffer.wrap(honest.clone());
    file.putLong(STARTED, StartTime.of(Long.toString(pid)));
    change.accept(file);
    CRC32 crc = new CRC32();
    crc.update(file.array(), STATUS, CHECKSUM - STATUS);
    return file.putLong(CHECKSUM, crc.getValue()).array();
  }

  /** Names that root's own agents and launchers would take. */
  void squat() throws IOException {
    for (int i = 0; i < 200; i++) {
      Path squatted = directory("/tmp/allocmem_root-" + i);
      Files.setPosixFilePermissions(squatted, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    fifo(Path.of("/tmp/allocmem_fifo"));
    fifo(Path.of("/tmp/hsperfdata_fifo")); // the JDK's client opens it, and waits
    laid.add(Files.createSymbolicLink(Path.of("/tmp/allocmem_link"), Path.of("/root")));
  }

  void assertUnharmed() {
    assertThat(precious).hasContent("precious");
  }

  @Override
  public void close() throws IOException {
    Collections.reverse(laid);
    for (Path path : laid) {
      Files.deleteIfExists(path);
    }
    try (Stream<Path> rest = Files.walk(place)) {
      for (Path path : rest.sorted(Collections.reverseOrder()).toList()) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(path);
        }
      }
    }
  }
}
