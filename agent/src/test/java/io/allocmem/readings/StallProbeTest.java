package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.allocmem.control.Reading;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StallProbeTest {
  private static final String NAME = "allocmem-stalls";
  private static final long MANY_NANOS = 20_000_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final StallProbe probe = new StallProbe();

  @BeforeEach
  void start() throws InterruptedException {
    probe.start();
    await(() -> probe.allMost() != Reading.UNKNOWN);
  }

  @AfterEach
  void end() throws InterruptedException {
    probe.end();
    await(() -> javaThread() == null);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(MANY_NANOS);
      Thread.sleep(5);
    }
  }

  private static Thread javaThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(NAME))
        .findFirst()
        .orElse(null);
  }

  /** By the JVM's count, over several publications and an interrupt. */
  @Test
  void allocatesNothingAfterItsStart() throws InterruptedException {
    Thread thread = javaThread();
    long before = threads.getThreadAllocatedBytes(thread.getId());
    assertThat(before).isNotNegative();
    thread.interrupt();
    Thread.sleep(1500);
    assertThat(threads.getThreadAllocatedBytes(thread.getId()) - before).isZero();
  }

  @Test
  void figuresAreInOrder() {
    assertThat(probe.allMedian()).isNotNegative();
    assertThat(probe.allP99()).isLessThanOrEqualTo(probe.allMost());
    assertThat(probe.secondMedian()).isNotNegative();
    assertThat(probe.secondP999()).isNotNegative();
  }

  /**
   * Gross bound, since the cost is that of a thousand wakes: 2 % of a core for a bare loop in C on
   * a virtual machine.
   */
  @Test
  void aThousandWakesASecondCostLittle() throws Exception {
    long start = System.nanoTime();
    long before = cpuNanos();
    Thread.sleep(2000);
    double share = (double) (cpuNanos() - before) / (System.nanoTime() - start);
    System.out.printf("the probe of stalls takes %.2f %% of a core%n", 100 * share);
    assertThat(share).isLessThan(0.1);
  }

  /** Returns the time on a processor, by the kernel's scheduler. */
  private static long cpuNanos() throws IOException {
    List<Path> tasks;
    try (Stream<Path> listed = Files.list(Path.of("/proc/self/task"))) {
      tasks = listed.toList();
    }
    for (Path task : tasks) {
      // the kernel cuts a name to 15 bytes, all of this name
      if (Files.exists(task) && Files.readString(task.resolve("comm")).strip().equals(NAME)) {
        return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
      }
    }
    throw new AssertionError("no thread " + NAME);
  }
}
