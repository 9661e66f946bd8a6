package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten minutes of load and collections beside a plan with a fill ratio, on the newest JDK: the
 * application's data keep their checksums. Runs with {@code -Psoak} only; {@code
 * -Dallocmem.test.soak=60} sets the seconds.
 */
class FillRatioSoak {
  private static final int SECONDS = Integer.getInteger("allocmem.test.soak", 600);
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource(names = {"G1", "PARALLEL", "ZGC"})
  void theApplicationsDataStaysAsItWas(Collector collector) throws IOException {
    Jdk jdk = Jdks.all().get(Jdks.all().size() - 1);
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xmx3g", "--add-opens=java.base/java.lang=ALL-UNNAMED"));
    String plan = "m=1,x=1024,f=0.25";
    try (Target target = Target.startWithAgent(jdk, plan, flags.toArray(new String[0]))) {
      Plans.await(target, Phase.HOLDING);
      String load = target.ask("load " + SECONDS + " 256 10");
      Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      long resident = Long.parseLong(target.ask("resident default"));
      String contents = target.ask("contents default " + MIB / 4);
      String collections = Tool.run(jdk, "jstat", "-gcutil", target.pid()).strip();
      System.out.printf(
          "%s %s, %d s: %s; %d KiB of 262144 resident; %s%n%s%n",
          jdk, collector, SECONDS, load, resident >> 10, contents, collections);
      assertThat(load).endsWith(": 0 pieces corrupt");
      assertThat(resident).isBetween(256 * MIB * 99 / 100, 256 * MIB * 101 / 100);
      assertThat(contents).isEqualTo("1024 arrays, 0 wrong");
    }
  }
}
