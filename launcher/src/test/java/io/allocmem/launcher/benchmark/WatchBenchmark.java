package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Cost of a watch for the watched JVM: CPU time of all threads by the kernel's scheduler, with and
 * without a watch in turns. Prints the figures; the limit is far above the measured values. Runs
 * with {@code -Pbenchmark}.
 */
class WatchBenchmark {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int ROUNDS = Rounds.atMost(5);
  private static final double MOST = 0.1;
  private static final Duration ROUND = Duration.ofSeconds(10);

  @Test
  void aWatchCostsLessThanATenthOfAPercentOfACore() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=512,f=0.25")) {
      Plans.await(target, Phase.HOLDING);
      share(target);
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        without.add(share(target));
        with.add(shareWatched(target));
      }
      System.out.printf(
          "an idle JVM that holds 512 MiB takes %.3f %% of a core, watched four times a second %.3f %%:"
              + " %+.3f; without %s, with %s%n",
          median(without), median(with), median(with) - median(without), without, with);
      assertThat(median(with) - median(without)).as("percent of a core").isLessThan(MOST);
    }
  }

  private static double shareWatched(Target target) throws IOException, InterruptedException {
    String pid = Long.toString(target.pid());
    List<String> words = List.of(NEWEST.java(), "-jar", Cli.JAR.toString(), "watch", pid);
    Process watch = new ProcessBuilder(words).redirectErrorStream(true).start();
    try {
      assertThat(watch.inputReader().readLine()).contains("HOLDING");
      double share = share(target);
      assertThat(watch.isAlive()).isTrue();
      return share;
    } finally {
      watch.destroy();
      watch.waitFor();
    }
  }

  /** Returns the CPU time as a percentage of one core. */
  private static double share(Target target) throws IOException {
    long start = System.nanoTime();
    long cpu = target.cpuNanos("");
    Awaitility.await().pollDelay(ROUND).timeout(ROUND.multipliedBy(2)).until(() -> true);
    double share = (target.cpuNanos("") - cpu) * 100.0 / (System.nanoTime() - start);
    return Math.round(share * 1000) / 1000.0;
  }

  private static double median(List<Double> shares) {
    return shares.stream().sorted().toList().get(shares.size() / 2);
  }
}
