package io.allocmem.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  /** Far above any wait of a watch, also without events. */
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private static Path directory;
  @TempDir private Path files;

  @BeforeAll
  static void loadTheLibrary() {
    assertThat(PageLibrary.find(directory.resolve("agent.jar"), directory).unavailable()).isNull();
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void aWriteBeforeTheWaitEndsTheWait() throws IOException {
    Path file = Files.createFile(files.resolve("watched"));
    try (FileWatch watch = FileWatch.of(file)) {
      assertThat(watch.hasEvents()).isTrue();
      Files.writeString(file, "a");
      Files.writeString(file, "b");
      assertThat(watch.await()).isTrue();
      assertThat(watch.await()).as("the events of both writes are read").isFalse();
    }
  }

  @Test
  void aWriteDuringTheWaitEndsTheWait() throws Exception {
    Path file = Files.createFile(files.resolve("watched"));
    try (FileWatch watch = FileWatch.of(file)) {
      CompletableFuture<Boolean> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                boolean seen = false;
                for (Instant start = Instant.now(); !seen && isShort(start); ) {
                  seen = watch.await();
                }
                return seen;
              });
      Files.writeString(file, "a");
      assertThat(waiting.get()).isTrue();
    }
  }

  private static boolean isShort(Instant start) {
    return Duration.between(start, Instant.now()).compareTo(LONG) < 0;
  }

  /** At its end, a JVM waits for threads in native code, and removes the file before. */
  @Test
  void theLossOfTheNameEndsTheWaitsInNativeCode() throws IOException {
    Path file = Files.createFile(files.resolve("watched"));
    try (FileWatch watch = FileWatch.of(file);
        var open = Files.newByteChannel(file)) {
      assertThat(open.isOpen()).isTrue(); // the file itself stays
      Files.delete(file);
      assertThat(watch.await()).isTrue();
      assertThat(watch.hasEvents()).isFalse();
      assertThat(watch.await()).isFalse();
    }
  }

  @Test
  void withoutAFileToWatchAWaitEndsAllTheSame() {
    try (FileWatch watch = FileWatch.of(files.resolve("missing"))) {
      assertThat(watch.hasEvents()).isFalse();
      assertThat(watch.await()).isFalse();
    }
    try (FileWatch watch = FileWatch.of(Path.of("/" + "x".repeat(5000)))) {
      assertThat(watch.hasEvents()).isFalse();
    }
  }

  @Test
  void aClosedWatchLeavesNoDescriptor() throws IOException {
    Path file = Files.createFile(files.resolve("watched"));
    FileWatch.of(file).close();
    long before = descriptors();
    for (int i = 0; i < 100; i++) {
      FileWatch.of(file).close();
      FileWatch.of(files.resolve("missing")).close();
    }
    assertThat(descriptors()).isEqualTo(before);
  }
}
