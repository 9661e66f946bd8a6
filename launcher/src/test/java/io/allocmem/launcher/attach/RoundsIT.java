package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.AgentLoadException;
import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Repeated rounds of attach, allocation and release in one JVM. A round leaves nothing behind
 * except the memory that the JVM itself keeps per attach; rounds with an empty agent measure this
 * memory. Ten rounds in each build, one hundred with {@code -Plong}.
 */
class RoundsIT {
  private static final int ROUNDS = Boolean.getBoolean("allocmem.test.long") ? 100 : 10;
  private static final long MIB = 1L << 20;

  /**
   * Flags for a steady resident set: without compiler threads and heap growth, the remaining
   * difference comes from the rounds.
   */
  private static final String[] STEADY = {"-Xint", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"};

  private static final List<String> AREAS =
      List.of("heap", "objects", "native", "direct", "mapped", "stack");

  /** One attach to a target. */
  private interface Round {
    void run(Target target, int number) throws IOException;
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void leaveNothingBehind(Jdk jdk) throws Exception {
    Left ours = leftBy(jdk, RoundsIT::attachFillRelease);
    Left control = leftBy(jdk, RoundsIT::attachEmptyAgent);
    System.out.printf(
        "%s: %d rounds left %+d KiB of heap, %+d KiB of metaspace, %+d threads, %+d files,"
            + " RSS %+d KiB; rounds of an empty agent RSS %+d KiB%n",
        jdk,
        ROUNDS,
        ours.heap >> 10,
        ours.metaspace >> 10,
        ours.threads,
        ours.files,
        ours.rss >> 10,
        control.rss >> 10);
    assertThat(ours.threads).isZero();
    assertThat(ours.files).isLessThanOrEqualTo(0);
    assertThat(ours.sessions).isLessThanOrEqualTo(0);
    assertThat(ours.heap + ours.metaspace).isLessThan(2 * MIB);
    if (jdk.version() >= 16) { // before JEP 387, metaspace keeps released memory
      assertThat(ours.rss - control.rss).as("as the C library packs it").isLessThan(4 * MIB);
    }
  }

  /** Returns the difference after the rounds, in a JVM that has run some rounds before. */
  private static Left leftBy(Jdk jdk, Round round) throws Exception {
    try (Target target = Target.start(jdk, STEADY)) {
      for (int number = 0; number < 2 * AREAS.size(); number++) {
        round.run(target, number);
      }
      Left.in(jdk, target); // the first measurement allocates as well
      Left before = Left.in(jdk, target);
      for (int number = 0; number < ROUNDS; number++) {
        round.run(target, number);
      }
      Left after = Left.in(jdk, target);
      assertThat(target.controlFiles()).isEmpty();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      return after.minus(before);
    }
  }

  private static void attachFillRelease(Target target, int number) throws IOException {
    String area = AREAS.get(number % AREAS.size());
    Plans.attach(target, "x=8,a=" + area);
    Plans.await(target, Phase.HOLDING);
    Plans.release(target);
  }

  private static void attachEmptyAgent(Target target, int number) throws IOException {
    try {
      OtherAgent.attach(target, "");
    } catch (IllegalStateException e) {
      // a newer JDK reports the success code of JDK 8 as an error
      assertThat(e).rootCause().isInstanceOf(AgentLoadException.class).hasMessage("0");
    }
  }

  /**
   * Remaining resources after collections: bytes, Java threads, open files, sessions of the agent.
   */
  private record Left(
      long heap, long metaspace, long rss, long threads, long files, long sessions) {
    static Left in(Jdk jdk, Target target) throws IOException {
      Awaitility.await().until(() -> !target.isAnyThread(Target.THREADS));
      // makes malloc release free memory; older JDKs have no such command
      Tool.run(jdk, "jcmd", target.pid(), "System.trim_native_heap");
      String[] used = target.ask("used").split(" ");
      return new Left(
          Long.parseLong(used[0]),
          Long.parseLong(used[1]),
          target.rss(),
          Long.parseLong(used[2]),
          files(target),
          Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram")
              .lines()
              .filter(line -> line.contains("io.allocmem.Session"))
              .count());
    }

    Left minus(Left before) {
      return new Left(
          heap - before.heap,
          metaspace - before.metaspace,
          rss - before.rss,
          threads - before.threads,
          files - before.files,
          sessions - before.sessions);
    }

    private static long files(Target target) throws IOException {
      try (Stream<Path> all = Files.list(Path.of("/proc/" + target.pid() + "/fd"))) {
        return all.count();
      }
    }
  }
}
