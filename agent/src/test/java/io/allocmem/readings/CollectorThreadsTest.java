package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads in {@code /proc}, simulated by files. */
class CollectorThreadsTest {
  @TempDir private Path tasks;

  private void create(int thread, String name, String schedstat) throws IOException {
    Path task = Files.createDirectories(tasks.resolve(String.valueOf(thread)));
    Files.writeString(task.resolve("comm"), name + "\n");
    Files.writeString(task.resolve("schedstat"), schedstat + "\n");
  }

  @Test
  void sumsTheTimesOfCollectorsAndOfTheVmThread() throws IOException {
    create(1, "java", "9000000000 1 1");
    create(2, "VM Thread", "3000000 5 1");
    create(3, "GC Thread#0", "40000000 1 1");
    create(4, "Shenandoah GC T", "500000000 1 1");
    create(5, "My GC Thread#0", "7000000000 1 1");
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(543);
      create(3, "GC Thread#0", "140000000 1 1");
      assertThat(threads.millis(0)).isEqualTo(643);
    }
  }

  @Test
  void aThreadThatHasEndedKeepsItsTime() throws IOException {
    create(2, "VM Thread", "3000000 5 1");
    create(3, "ZWorker#0", "40000000 1 1");
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(43);
      Files.writeString(tasks.resolve("3/schedstat"), "");
      assertThat(threads.millis(0)).isEqualTo(43);
    }
  }

  @Test
  void isUnknownWhereTheJvmDoesNotNameItsThreads() throws IOException {
    create(1, "java", "9000000000 1 1");
    create(2, "java", "3000000 5 1");
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(Reading.UNKNOWN);
    }
    try (CollectorThreads threads = new CollectorThreads(tasks.resolve("none").toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(Reading.UNKNOWN);
    }
  }

  @Test
  void isUnknownWhileACollectorCannotBeRead() throws IOException {
    create(2, "VM Thread", "3000000 5 1");
    long second = 1_000_000_000;
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 7)) {
      assertThat(threads.millis(7)).isEqualTo(3);
      Path worker = Files.createDirectories(tasks.resolve("3"));
      Files.writeString(worker.resolve("comm"), "GC Thread#1");
      assertThat(threads.millis(8, System.nanoTime() + 2 * second)).isEqualTo(Reading.UNKNOWN);
      create(3, "GC Thread#1", "40000000 1 1");
      assertThat(threads.millis(9, System.nanoTime() + 4 * second)).isEqualTo(Reading.UNKNOWN);
      assertThat(threads.millis(10, System.nanoTime() + 31 * second)).isEqualTo(43);
    }
  }

  @Test
  void isUnknownWithVeryManyThreads() throws IOException {
    create(2, "VM Thread", "3000000 5 1");
    for (int thread = 3; thread <= 2002; thread++) {
      create(thread, "java", "1 1 1");
    }
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(Reading.UNKNOWN);
    }
  }

  @Test
  void aPipeInPlaceOfANameBlocksNothing() throws Exception {
    Path task = Files.createDirectory(tasks.resolve("2"));
    assertThat(new ProcessBuilder("mkfifo", task.resolve("comm").toString()).start().waitFor())
        .isZero();
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 0)) {
      assertThat(threads.millis(0)).isEqualTo(Reading.UNKNOWN);
    }
  }

  @Test
  void isUnknownFromASearchThatRunsOutOfHeapToTheNext() throws IOException {
    create(2, "VM Thread", "3000000 5 1");
    long second = 1_000_000_000;
    FullHeap full = new FullHeap(tasks);
    try (CollectorThreads threads = new CollectorThreads(full, 7)) {
      assertThat(threads.millis(7)).isEqualTo(3);
      full.isFull = true;
      assertThat(threads.millis(8, System.nanoTime() + 2 * second)).isEqualTo(Reading.UNKNOWN);
      assertThat(openBelow(tasks)).isEmpty();
      full.isFull = false;
      assertThat(threads.millis(9, System.nanoTime() + 4 * second))
          .as("no sum without the threads of the failed search")
          .isEqualTo(Reading.UNKNOWN);
      create(3, "GC Thread#1", "40000000 1 1");
      assertThat(threads.millis(10, System.nanoTime() + 31 * second)).isEqualTo(43);
    }
  }

  /** Directory of threads whose listing meets an OutOfMemoryError while the heap is full. */
  private static final class FullHeap extends File {
    private static final long serialVersionUID = 1;

    private boolean isFull;

    FullHeap(Path tasks) {
      super(tasks.toString());
    }

    @Override
    public String[] list() {
      if (isFull) {
        throw new OutOfMemoryError("Java heap space");
      }
      return super.list();
    }
  }

  private static List<String> openBelow(Path directory) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(CollectorThreadsTest::target)
          .filter(open -> open.startsWith(directory.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  @Test
  void findsAWorkerThatACollectionStarted() throws IOException {
    create(2, "VM Thread", "3000000 5 1");
    long second = 1_000_000_000;
    try (CollectorThreads threads = new CollectorThreads(tasks.toFile(), 7)) {
      create(3, "GC Thread#1", "40000000 1 1");
      assertThat(threads.millis(7, System.nanoTime() + 2 * second))
          .as("no collection")
          .isEqualTo(3);
      assertThat(threads.millis(8, System.nanoTime())).as("within a second").isEqualTo(3);
      assertThat(threads.millis(8, System.nanoTime() + 2 * second)).isEqualTo(43);
    }
  }
}
