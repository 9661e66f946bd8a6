package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native memory, measured by the kernel's count. */
class NativeAreaIT {
  private static final long MIB = 1L << 20;

  /** Change of the resident set caused by the JVM itself: compiler threads, arenas. */
  private static final long NOISE = 20 * MIB;

  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Heap without growth of the resident set during an attach. */
  private static final String[] ALL_HEAP_RESIDENT = {"-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"};

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void holdsTwentyOneBlocksOfWhichTheKernelCountsAQuarterResident(Jdk jdk) throws IOException {
    try (Target target =
        Target.startWithAgent(jdk, "m=100,x=2048,f=0.25,a=native,b=true", "-Xmx256m")) {
      Plans.await(target, Phase.WAITING);
      Smaps before = Smaps.of(target.pid());
      long rssBefore = target.rss();
      assertThat(InProcess.run("resume", target.pid()).code()).isZero();
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.BLOCKS)).isEqualTo(21);

      Smaps held = Smaps.of(target.pid());
      long grown = target.rss() - rssBefore;
      assertThat(grown).isBetween(525 * MIB * 98 / 100, 525 * MIB * 102 / 100);
      assertThat(held.size - before.size).isBetween(2100 * MIB, 2121 * MIB);
      assertThat(held.resident - before.resident).isBetween(525 * MIB, 536 * MIB);

      Plans.release(target);
      assertThat(target.rss()).isBetween(rssBefore - NOISE, rssBefore + NOISE);
      System.out.printf(
          "%s native: RSS +%d KiB, mapped +%d KiB, of it resident +%d KiB, after release %+d KiB%n",
          jdk,
          grown >> 10,
          (held.size - before.size) >> 10,
          (held.resident - before.resident) >> 10,
          (target.rss() - rssBefore) >> 10);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Blocks of different sizes in turn: malloc could keep freed memory. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void everyBlockSizeIsTouchedExactlyAndReleasedToTheKernel(Jdk jdk) throws IOException {
    // a single compiler: the second compiler takes and frees some MiB
    List<String> options = new ArrayList<>(List.of(ALL_HEAP_RESIDENT));
    options.add("-XX:TieredStopAtLevel=1");
    try (Target target = Target.start(jdk, options.toArray(new String[0]))) {
      attachAndRelease(target, "20m", "200m", "1"); // raises the mmap threshold of malloc
      Plans.attach(target, "a=native,m=64k,x=200m"); // compiles the methods that allocate blocks
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      for (String block : List.of("64k", "1m", "5m", "20m", "64k")) {
        for (String fill : List.of("1", "0", "0.25")) {
          double share = Double.parseDouble(fill);
          long grown = attachAndRelease(target, block, "200m", fill);
          assertThat(grown / (double) MIB)
              .as("%s blocks at fill ratio %s", block, fill)
              .isBetween(200 * share - 2, 200 * share + 4);
        }
      }
    }
  }

  /** Settings of malloc as jemalloc behaves: freed memory stays mapped and resident for reuse. */
  @Test
  void memoryGoesBackToTheKernelThoughTheAllocatorKeepsWhatIsFreed() throws IOException {
    String keeps =
        "GLIBC_TUNABLES=glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0"
            + ":glibc.malloc.trim_threshold=17179869184";
    try (Target target = Target.startBy(List.of("env", keeps), NEWEST, ALL_HEAP_RESIDENT)) {
      for (String block : List.of("1", "10m", "100m")) {
        long grown = attachAndRelease(target, block, "200m", "1");
        assertThat(grown / (double) MIB).isBetween(198., 204.);
      }
    }
  }

  /** Returns the growth of the resident set from before the first block to the last block. */
  private static long attachAndRelease(Target target, String block, String limit, String fill)
      throws IOException {
    Plans.attach(target, "a=native,m=" + block + ",x=" + limit + ",f=" + fill);
    Status held = Plans.await(target, Phase.HOLDING);
    long grown = target.rss() - held.get(Reading.RSS_BEFORE);
    Plans.release(target);
    assertThat(target.rss() - held.get(Reading.RSS_BEFORE))
        .as("left after %s blocks at fill ratio %s", block, fill)
        .isBetween(-4 * MIB, 4 * MIB);
    return grown;
  }

  /**
   * Bytes of all anonymous read-write mappings. The kernel merges neighbour mappings, therefore
   * sums count. The JVM's own mappings stand in both measurements and change by one or two MiB.
   */
  private record Smaps(long size, long resident) {
    static Smaps of(long pid) throws IOException {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/smaps"));
      long size = 0;
      long resident = 0;
      boolean counts = false;
      for (String line : lines) {
        String[] words = line.split("\\s+");
        if (words[0].matches("[0-9a-f]+-[0-9a-f]+")) {
          counts = words[1].startsWith("rw-p") && words.length == 5;
        } else if (words[0].equals("Size:") && counts) {
          size += Long.parseLong(words[1]) << 10;
        } else if (words[0].equals("Rss:") && counts) {
          resident += Long.parseLong(words[1]) << 10;
        }
      }
      return new Smaps(size, resident);
    }
  }
}
