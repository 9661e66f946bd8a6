package io.allocmem.launcher.benchmark;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Accuracy of the pace: 1000 blocks at 5 ms are due after 999 delays, 4.995 s. Prints the figure
 * without an assertion, since the machine may be busy. Runs with {@code -Pbenchmark}.
 */
class PaceBenchmark {
  private static final Pattern SECONDS =
      Pattern.compile("limit reached: 1000 blocks.* in ([0-9.]+) s");

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#lastingAndNewest")
  void printsTheTimeOfThousandNativeBlocks(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, "m=1,x=1000,e=5,f=0,a=native")) {
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      Matcher seconds = SECONDS.matcher(target.err());
      if (!seconds.find()) {
        throw new AssertionError(target.err());
      }
      double took = Double.parseDouble(seconds.group(1));
      System.out.printf(
          "%s: 1000 native blocks at 5 ms took %.3f s, %+.2f %% of 4.995 s%n",
          jdk, took, (took / 4.995 - 1) * 100);
    }
  }
}
