package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Container of 512 MiB with plans that would use up all memory. */
class KeepFreeIT {
  private static final long MIB = 1L << 20;
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);

  @ParameterizedTest
  @CsvSource({
    "a=native, -Xmx200m, -XX:+UseSerialGC",
    "a=native, -Xmx200m, -XX:+UseG1GC",
    "a=heap, -Xmx600m, -XX:+UseSerialGC",
    "a=heap, -Xmx600m, -XX:+UseG1GC"
  })
  void whatIsKeptFreeStaysFreeWhereThePlanWithoutItIsKilled(
      String area, String heap, String collector) throws Exception {
    String plan = area + ",x=0,e=2";
    try (Cgroup cgroup = Cgroup.ofMemory(512 * MIB);
        Target target = Target.startIn(cgroup, NEWEST, plan + ",keep-free=10%", heap, collector)) {
      long least = leastFree(cgroup, target);
      Status status = Plans.status(target);
      System.out.printf(
          "%s %s in 512 MiB: %d MiB held, never less than %.1f MiB free%n",
          area, collector, status.get(Reading.COMMITTED) >> 20, least / (double) MIB);
      assertThat(least).isGreaterThanOrEqualTo(512 * MIB / 10);
      assertThat(status.get(Reading.COMMITTED)).isGreaterThan(200 * MIB);
      assertThat(status.message).startsWith("keep-free: ");
      assertThat(cgroup.killed()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
    try (Cgroup cgroup = Cgroup.ofMemory(512 * MIB);
        Target target = Target.startIn(cgroup, NEWEST, plan, heap, collector)) {
      assertThat(target.process().waitFor(Patience.seconds(60), TimeUnit.SECONDS)).isTrue();
      assertThat(target.process().exitValue()).isEqualTo(137);
      assertThat(cgroup.killed()).isEqualTo(1);
    }
  }

  /** Returns the least free bytes from the first block until five seconds after the last block. */
  private static long leastFree(Cgroup cgroup, Target target) throws IOException {
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    boolean full = false;
    while (System.nanoTime() < end) {
      least = Math.min(least, cgroup.free());
      if (!full && Plans.status(target).phase == Phase.GUARDED) {
        full = true;
        end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      }
    }
    assertThat(full).as("the plan waits for room").isTrue();
    return least;
  }

  @org.junit.jupiter.api.Test
  void blocksAreReleasedWhenTheApplicationGrows() {
    try (Cgroup cgroup = Cgroup.ofMemory(512 * MIB);
        Target target =
            Target.startIn(
                cgroup, NEWEST, "a=native,x=300,keep-free=20%", "-Xmx400m", "-XX:+UseSerialGC")) {
      long full = Plans.await(target, Phase.HOLDING).get(Reading.COMMITTED);
      assertThat(full).isEqualTo(300 * MIB);
      assertThat(target.ask("swing 5 46 20")).isEqualTo("swings");
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(30)))
          .until(() -> Plans.status(target).get(Reading.COMMITTED) < 250 * MIB);
      assertThat(target.err()).contains("releasing blocks: other usage rose; 300 blocks");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }
}
