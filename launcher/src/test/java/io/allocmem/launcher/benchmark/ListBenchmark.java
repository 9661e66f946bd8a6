package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Time of {@code list} with the JVMs of many nodes on one machine: 200 JVMs against 20. Prints the
 * figures, and asserts that the time limit leaves no JVM unread. On a busy machine the plans of
 * some JVMs are unread. Runs with {@code -Pbenchmark}.
 */
class ListBenchmark {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int ROUNDS = Rounds.atMost(5);
  private static final int FEW = 20;
  private static final int MANY = 200;

  @Test
  void aListOfTwoHundredJvmsNamesEachJvm() {
    List<Target> targets = new ArrayList<>();
    try {
      start(targets, FEW);
      long few = median(targets);
      start(targets, MANY);
      long many = median(targets);
      System.out.printf(
          "list: %d ms with %d JVMs, %d ms with %d JVMs, ratio %.1f%n",
          few, FEW, many, MANY, many * 1.0 / few);
    } finally {
      targets.forEach(Target::close);
    }
  }

  /** Starts JVMs at once, up to this number, and waits for all of the JVMs. */
  private static void start(List<Target> targets, int number) {
    int before = targets.size();
    while (targets.size() < number) {
      targets.add(Target.launch(NEWEST, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m"));
    }
    targets.stream()
        .skip(before)
        .forEach(target -> assertThat(target.readLine()).as(target.err()).isEqualTo("ready"));
  }

  private static long median(List<Target> targets) {
    List<Long> millis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      String out = Cli.run(NEWEST, "list").done();
      millis.add((System.nanoTime() - start) / 1_000_000);
      for (Target target : targets) {
        assertThat(out).containsPattern("(?m)^" + target.pid() + " .* TargetApplication\\b");
      }
      long unread = out.lines().filter(row -> row.endsWith(" ?")).count();
      System.out.printf("list of %d JVMs: plans of %d unread%n", targets.size(), unread);
    }
    return millis.stream().sorted().toList().get(ROUNDS / 2);
  }
}
