package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Pressure of the kernel in a container of 600 MiB, whose application reads a file of 200 MiB at
 * random: a plan finds the share of time that threads wait for memory, and a stop condition ends
 * it. The kernel's own count is the judge. The group is one of version 1, so pressure is the
 * machine's, and no other test runs meanwhile.
 */
@Isolated
class MemoryPressureIT {
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");
  private static final Path PRESSURE = Path.of("/proc/pressure/memory");
  private static final long MIB = 1L << 20;
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);

  /** Small blocks: here, 1 MiB more costs about eight points more. */
  private static final String BLOCKS = "a=native,m=256k,";

  private static final int WINDOWS = LONG ? 12 : 2;
  private static final int WINDOW_SECONDS = 10;

  @TempDir private Path directory;

  @BeforeEach
  void requirePressureAndDisk() throws IOException {
    Assumptions.assumeTrue(isPressureKnown(), "a kernel without PSI");
    String type = Files.getFileStore(directory).type();
    Assumptions.assumeFalse(type.equals("tmpfs"), "the kernel cannot reclaim files of tmpfs");
  }

  private static boolean isPressureKnown() {
    try {
      waited();
      return true;
    } catch (IOException withoutPressure) {
      return false;
    }
  }

  private Target start(Cgroup cgroup) {
    Target target = Target.startBy(cgroup.enter(), NEWEST, "-Xmx64m", "-XX:+UseSerialGC");
    assertThat(target.ask("paging " + directory.resolve("index") + " 200 4")).isEqualTo("reads");
    return target;
  }

  @Test
  void aPlanFindsTheShareAndKeepsIt() throws Exception {
    try (Cgroup cgroup = Cgroup.ofMemory(600 * MIB);
        Target target = start(cgroup)) {
      long start = System.nanoTime();
      Plans.attach(target, BLOCKS + "until=psi:10%");
      Status found = Plans.await(target, Phase.HOLDING);
      double settled = (System.nanoTime() - start) / 1e9;
      List<Double> held = new ArrayList<>();
      for (int window = 0; window < WINDOWS; window++) {
        held.add(share(WINDOW_SECONDS));
      }
      Plans.release(target);
      Thread.sleep(2_000);
      double after = share(3);
      System.out.printf(
          "psi:10%%: %d MiB, settled after %.1f s; shares of %d s: %.1f to %.1f; after %.1f%n",
          found.get(Reading.COMMITTED) / MIB,
          settled,
          WINDOW_SECONDS,
          Collections.min(held),
          Collections.max(held),
          after);
      assertThat(held).allSatisfy(share -> assertThat(share).isBetween(2.0, 25.0));
      assertThat(after).isLessThan(2);
      assertThat(cgroup.killed()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void aConditionReleasesThePlanThatCostsTooMuch() throws Exception {
    try (Cgroup cgroup = Cgroup.ofMemory(600 * MIB);
        Target target = start(cgroup)) {
      Plans.attach(target, BLOCKS + "x=450,e=10,stop-if=psi>20%");
      try (PlanControl plan = PlanControl.of(target.pid()).get(0)) {
        Status last = plan.await(status -> status.phase.isOver(), 60_000);
        assertThat(last.phase).isEqualTo(Phase.RELEASED);
        assertThat(last.message).startsWith("released by stop-if=psi>20%: measured ");
        assertThat(last.get(Reading.STOPPED)).isOne();
      }
      Plans.awaitNoControlFile(target);
      assertThat(cgroup.killed()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Returns the share of the next seconds in which some thread waited for memory, in percent. */
  private static double share(int seconds) throws Exception {
    long micros = waited();
    long start = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    return 100.0 * (waited() - micros) / ((System.nanoTime() - start) / 1e3);
  }

  private static long waited() throws IOException {
    String some = Files.readAllLines(PRESSURE).get(0);
    return Long.parseLong(some.substring(some.indexOf("total=") + "total=".length()));
  }
}
