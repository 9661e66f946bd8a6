package io.allocmem.launcher.benchmark;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Times of plans by the agent's own log, and of the references in {@code src/bench}. */
final class PlanTime {
  private static final Pattern SECONDS =
      Pattern.compile("limit reached: .* in ([0-9.]+) s", Pattern.MULTILINE);

  private PlanTime() {}

  /** Returns the seconds from the first to the last block of a plan in a new JVM. */
  static double ofPlan(Jdk jdk, String plan, List<String> flags) throws IOException {
    try (Target target = Target.startWithAgent(jdk, plan, flags.toArray(new String[0]))) {
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      Matcher seconds = SECONDS.matcher(target.err());
      if (!seconds.find()) {
        throw new AssertionError(target.err());
      }
      return Double.parseDouble(seconds.group(1));
    }
  }

  /**
   * Returns the seconds of a loop of {@code new int[]} in a new JVM.
   *
   * @param numbers count and bytes of the arrays, and the number of threads
   */
  static double ofBareLoop(Jdk jdk, Path classes, List<String> flags, int... numbers) {
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.addAll(flags);
    command.addAll(List.of("-cp", classes.toString(), "BareLoop"));
    IntStream.of(numbers).mapToObj(String::valueOf).forEach(command::add);
    return Long.parseLong(Cli.of(command, "").done().strip()) / 1e9;
  }

  /** Returns the seconds of the C program; -1 if the kernel lacks the way. */
  static double ofC(Path touch, String way, int mib, int threads) {
    List<String> command =
        List.of(touch.toString(), way, String.valueOf(mib), String.valueOf(threads));
    String said = Cli.of(command, "").done().strip();
    return said.equals("no") ? -1 : Long.parseLong(said) / 1e9;
  }
}
