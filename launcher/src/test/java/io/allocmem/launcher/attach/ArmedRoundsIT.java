package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.ClassCounts;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Repeated rounds of a plan and its release by one armed agent: a round leaves nothing behind.
 * Fifty rounds in each build, one thousand with {@code -Plong}.
 */
class ArmedRoundsIT {
  private static final int FEW = 50;
  private static final int MANY = Boolean.getBoolean("allocmem.test.long") ? 1000 : FEW;

  /** Classes that the JDK makes at the hundredth or later call of its own methods. */
  private static final long LATE = 10;

  private static final List<String> AREAS = List.of("heap", "native", "direct", "mapped");

  private record Left(long classes, int threads, long files, List<Path> controlFiles) {
    static Left in(Jdk jdk, Target target) throws IOException {
      try (Stream<Path> files = Files.list(Path.of("/proc/" + target.pid() + "/fd"))) {
        String threads = target.ask("used").split(" ")[2];
        long classes = ClassCounts.of(jdk, target).loaded();
        return new Left(classes, Integer.parseInt(threads), files.count(), target.controlFiles());
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void leaveNothingBehind(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed")) {
      rounds(target, 16 * AREAS.size()); // method handles of the JDK define classes at call 127
      Left.in(jdk, target); // the first measurement loads classes as well
      rounds(target, AREAS.size());
      Left before = Left.in(jdk, target);
      int rounds = jdk.equals(Jdks.all().get(Jdks.all().size() - 1)) ? MANY : FEW;
      rounds(target, rounds);
      Left after = Left.in(jdk, target);
      System.out.printf("%s: %d rounds: %s, then %s%n", jdk, rounds, before, after);
      assertThat(after.threads).isEqualTo(before.threads);
      assertThat(after.files).isEqualTo(before.files);
      assertThat(after.controlFiles).isEqualTo(before.controlFiles).hasSize(1);
      assertThat(after.classes).isLessThan(before.classes + LATE);
    }
  }

  private static void rounds(Target target, int count) throws IOException {
    for (int number = 0; number < count; number++) {
      Plans.start(target, "x=1,a=" + AREAS.get(number % AREAS.size()), PlanWay.ARMED);
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
    }
  }
}
