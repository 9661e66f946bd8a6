package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attach, fill, release, again and again in one JVM: nothing is left behind. Twenty rounds in each
 * build, two hundred with {@code -Pmatrix}.
 */
class RoundsIT {
  private static final int ROUNDS = Boolean.getBoolean("allocmem.test.matrix") ? 200 : 20;
  private static final long MIB = 1L << 20;
  private static final List<String> AREAS = List.of("heap", "native", "direct", "stack");

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void leaveNothingBehind(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk, "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch")) {
      for (int round = 0; round < 2 * AREAS.size(); round++) {
        attachFillRelease(target, round);
      }
      Left before = Left.in(jdk, target);
      long rss = target.rss();
      for (int round = 0; round < ROUNDS; round++) {
        attachFillRelease(target, round);
      }
      long rssAfter = target.rss();
      Left after = Left.in(jdk, target);
      System.out.printf(
          "%s: %d rounds left %+d KiB of heap, %+d KiB of metaspace, %+d threads, %+d files,"
              + " RSS %+d KiB%n",
          jdk,
          ROUNDS,
          (after.heap - before.heap) >> 10,
          (after.metaspace - before.metaspace) >> 10,
          after.threads - before.threads,
          after.files - before.files,
          (rssAfter - rss) >> 10);
      assertThat(after.threads).isEqualTo(before.threads);
      assertThat(after.files).isEqualTo(before.files);
      assertThat(after.sessions).isLessThanOrEqualTo(1);
      assertThat(after.heap + after.metaspace - before.heap - before.metaspace).isLessThan(2 * MIB);
      assertThat(target.controlFiles()).isEmpty();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static void attachFillRelease(Target target, int round) throws Exception {
    String area = AREAS.get(round % AREAS.size());
    HoldPlan plan = AgentArguments.parse("x=8,a=" + area);
    Injection.start(target.pid(), plan);
    Plans.await(target, Phase.HOLDING);
    Plans.release(target);
  }

  /** What is in a JVM after collections: bytes, threads, open files, our class loaders. */
  private record Left(long heap, long metaspace, long threads, long files, long sessions) {
    static Left in(Jdk jdk, Target target) throws IOException {
      Awaitility.await().until(() -> !Tool.run(jdk, "jstack", target.pid()).contains("allocmem"));
      String[] used = target.ask("used").split(" ");
      return new Left(
          Long.parseLong(used[0]),
          Long.parseLong(used[1]),
          entries(target, "task"),
          entries(target, "fd"),
          Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram")
              .lines()
              .filter(line -> line.contains("io.allocmem.Session"))
              .count());
    }

    private static long entries(Target target, String directory) throws IOException {
      try (Stream<Path> all = Files.list(Path.of("/proc/" + target.pid() + "/" + directory))) {
        return all.count();
      }
    }
  }
}
