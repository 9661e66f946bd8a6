package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVMs that deny native access and memory access by sun.misc.Unsafe to code without a right of its
 * own, which JDK 25 and 26 permit with a warning. The agent needs neither: the fill ratio is exact,
 * and the JVM warns of nothing.
 */
class DeniedAccessIT {
  private static final String PLAN = "m=10,x=200,f=0.25";
  private static final long TOUCHED = 50L << 20;

  private static final String[] DENIED = {
    "--illegal-native-access=deny",
    "--sun-misc-unsafe-memory-access=deny",
    "--add-opens=java.base/java.lang=ALL-UNNAMED", // for the target's own count of the blocks
    "-XX:+UseParallelGC",
    "-Xmx512m"
  };

  /** Ways of a plan into a JVM. */
  private enum Entry {
    START_UP {
      @Override
      Target start(Jdk jdk) {
        return Target.startWithAgent(jdk, PLAN, DENIED);
      }
    },
    ATTACH {
      @Override
      Target start(Jdk jdk) {
        String[] options = Arrays.copyOf(DENIED, DENIED.length + 1);
        options[DENIED.length] = "-XX:+EnableDynamicAgentLoading"; // else the JVM warns of agents
        Target target = Target.start(jdk, options);
        Plans.attach(target, PLAN);
        return target;
      }
    },
    ARMED {
      @Override
      Target start(Jdk jdk) {
        Target target = Armed.start(jdk, "armed", DENIED);
        Plans.start(target, PLAN, PlanWay.ARMED);
        return target;
      }
    };

    abstract Target start(Jdk jdk);
  }

  static Stream<Arguments> jdksAndEntries() {
    return Jdks.all().stream()
        .filter(jdk -> jdk.version() >= 25)
        .flatMap(jdk -> Stream.of(Entry.values()).map(entry -> Arguments.of(jdk, entry)));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("jdksAndEntries")
  void theFillRatioIsExactAndTheJvmWarnsOfNothing(Jdk jdk, Entry entry) {
    try (Target target = entry.start(jdk)) {
      Status held = Plans.await(target, Phase.HOLDING);
      assertThat(held.get(Reading.RESIDENT)).isBetween(TOUCHED - 20 * 4096, TOUCHED + 20 * 4096);
      assertThat(Long.parseLong(target.ask("resident default")))
          .isBetween(TOUCHED - 20 * 4096, TOUCHED + 20 * 4096);
      assertThat(target.err().lines())
          .isNotEmpty()
          .allMatch(line -> line.startsWith("[allocmem] plan default: "));
    }
  }
}
