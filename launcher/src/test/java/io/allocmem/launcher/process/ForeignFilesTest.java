package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.process.ForeignFiles.Channel;
import io.allocmem.launcher.process.ForeignFiles.Patch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile files in the places that the launcher reads: each call ends soon and follows no link. */
class ForeignFilesTest {
  private static final int MOST = 1000;
  private static final ForeignFiles FILES = ForeignFiles.here();

  @TempDir private Path temporary;
  private Path secret;

  @BeforeEach
  void makeASecret() throws IOException {
    temporary = temporary.toRealPath();
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    secret = Files.writeString(elsewhere.resolve("secret"), "secret");
  }

  @Test
  void whatIsNoRegularFileIsNotOpened() throws Exception {
    Path fifo = makeFifo(temporary.resolve("fifo"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), secret);
    List<Path> files =
        List.of(fifo, link, temporary, Path.of("/dev/zero"), temporary.resolve("none"));
    for (Path file : files) {
      assertFailsSoon(() -> FILES.read(file, MOST));
      assertFailsSoon(() -> FILES.line(file, "x"));
    }
    FileFacts secrets = FILES.facts(secret);
    assertFailsSoon(() -> FILES.open(fifo, FILES.facts(fifo)));
    assertFailsSoon(() -> FILES.open(link, secrets));
    assertFailsSoon(() -> FILES.delete(link, secrets));
    assertFailsSoon(() -> FILES.list(fifo, "", MOST));
    assertThat(secret).hasContent("secret");
  }

  /** Files of the kernel are opened in one step; its links and directories are no files. */
  @Test
  void ofTheKernelOnlyFilesAreRead() throws Exception {
    Path self = Path.of("/proc", Long.toString(ProcessHandle.current().pid()));
    assertThat(new String(FILES.read(self.resolve("status"), MOST), StandardCharsets.UTF_8))
        .startsWith("Name:");
    assertThat(FILES.line(self.resolve("status"), "Tgid")).contains(self.getFileName().toString());
    for (String name : List.of("exe", "cwd", "root", "fd", "none")) {
      assertFailsSoon(() -> FILES.read(self.resolve(name), MOST));
      assertFailsSoon(() -> FILES.line(self.resolve(name), "x"));
    }
  }

  @Test
  void noPartOfAPathIsFollowed() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("dir"), secret.getParent());
    Path through = link.resolve("secret");
    assertThat(through).as("a link that leads there").exists();
    FileFacts secrets = FILES.facts(secret);
    assertFailsSoon(() -> FILES.read(through, MOST));
    assertFailsSoon(() -> FILES.facts(through));
    assertFailsSoon(() -> FILES.open(through, secrets));
    assertFailsSoon(() -> FILES.delete(through, secrets));
    assertFailsSoon(() -> FILES.list(link, "", MOST));
    assertThat(secret).hasContent("secret");
  }

  /**
   * Swaps a directory for a link in an endless loop: an attacker needs one success in a thousand
   * reads.
   */
  @Test
  void aDirectoryThatIsSwappedForALinkMeanwhileLeadsNowhere() throws Exception {
    Path real = Files.createDirectory(temporary.resolve("real"));
    Files.writeString(real.resolve("secret"), "public");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), secret.getParent());
    Path place = temporary.resolve("place");
    AtomicBoolean done = new AtomicBoolean();
    Thread swapper = new Thread(() -> swap(real, link, place, done));
    swapper.start();
    try {
      for (int i = 0; i < 1000; i++) {
        assertThat(readOrNone(place.resolve("secret"))).isIn("public", "");
      }
    } finally {
      done.set(true);
      swapper.join();
    }
  }

  private static void swap(Path real, Path link, Path place, AtomicBoolean done) {
    try {
      while (!done.get()) {
        Files.move(real, place);
        Files.move(place, real);
        Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
        Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String readOrNone(Path file) {
    try {
      return new String(FILES.read(file, MOST));
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void noMoreIsReadThanWasAskedFor() throws IOException {
    Path huge = temporary.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertThat(FILES.read(huge, MOST)).hasSize(MOST);
    assertFailsSoon(() -> FILES.line(huge, "x"));
    for (int i = 0; i < 20; i++) {
      Files.createFile(temporary.resolve("many-" + i));
    }
    Files.createFile(temporary.resolve("many-\u001b[2J"));
    assertThat(FILES.list(temporary, "many-", 5)).hasSize(5);
    assertThat(FILES.list(temporary, "many-", MOST)).hasSize(20);
  }

  @Test
  void aLineIsFoundAcrossPieces() throws IOException {
    String line = "7f00-7f01 r-xp 0 0 0  /jdk/lib/libjvm.so";
    Path file = temporary.resolve("maps");
    Files.writeString(file, "x".repeat(79) + "\n");
    for (int i = 0; i < 1639; i++) { // the line then crosses the limit of a 128 KiB piece
      Files.writeString(file, "x".repeat(79) + "\n", StandardOpenOption.APPEND);
    }
    Files.writeString(file, line + "\nrest\n", StandardOpenOption.APPEND);
    assertThat(FILES.line(file, "/libjvm.so")).isEqualTo(line);
    assertThat(FILES.line(file, "/other.so")).isEmpty();
  }

  @Test
  void aChannelStaysWithTheFileThatWasLookedAt() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "0123456789");
    FileFacts before = FILES.facts(file);
    try (Channel open = FILES.open(file, before)) {
      Files.delete(file);
      Files.writeString(file, "abcdefghij");
      assertThat(open.read(8, 10)).asString().isEqualTo("89");
      assertThat(open.replace(patch(0, "x1"), patch(4, "new"))).isFalse();
      assertThat(open.replace(patch(0, "01"), patch(4, "new"), patch(0, "##"))).isTrue();
      assertThat(open.read(0, 10)).asString().isEqualTo("##23new789");
      assertFailsSoon(() -> FILES.open(file, before));
      assertFailsSoon(() -> FILES.delete(file, before));
    }
    assertThat(file).hasContent("abcdefghij");
  }

  @Test
  void aLockOfAnotherProcessIsSeenAndNotWaitedForForEver() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "0123456789");
    Process locker = lockInAnotherProcess(file);
    try (Channel open = FILES.open(file, FILES.facts(file))) {
      assertThat(open.isLocked(0)).isTrue();
      assertThat(open.isLocked(5)).isFalse();
      assertFailsSoon(() -> open.replace(patch(0, "01"), patch(0, "##")));
      assertThat(open.replace(patch(4, "45"), patch(4, "##"))).isTrue();
    } finally {
      locker.destroyForcibly().waitFor();
    }
  }

  private static Process lockInAnotherProcess(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        Path.of(ForeignFilesTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    Process process =
        new ProcessBuilder(java, "-cp", classes, Locker.class.getName(), file.toString()).start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    return process;
  }

  /** Locks the first two bytes of a file until its input ends. */
  static final class Locker {
    private Locker() {}

    public static void main(String[] args) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        channel.lock(0, 2, false);
        System.out.println("ready");
        System.in.read();
      }
    }
  }

  private static Patch patch(long at, String text) {
    return new Patch(at, text.getBytes());
  }

  private static Path makeFifo(Path path) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }

  private static void assertFailsSoon(ThrowingCallable call) {
    long before = System.nanoTime();
    assertThatThrownBy(call).isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
  }
}
