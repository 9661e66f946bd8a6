package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thread stacks, measured by the kernel's count. */
class StackAreaIT {
  private static final long MIB = 1L << 20;
  private static final long NOISE = 4 * MIB;

  /** Tolerance: the frames of each thread, and the guard pages of the JVM. */
  private static final long ENDS = 20 * 128 * 1024;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void stacksAreUsedToTheDepthOfTheFillRatio(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx128m")) {
      for (int percent : new int[] {100, 0, 25}) {
        Plans.attach(target, "a=stack,m=8,x=160,f=" + percent + "%");
        Status held = Plans.await(target, Phase.HOLDING);
        long touched = 160 * MIB * percent / 100;
        assertThat(held.get(Reading.RESIDENT)).isBetween(touched - ENDS, touched + ENDS);
        assertThat(target.rss() - held.get(Reading.RSS_BEFORE))
            .isBetween(touched - ENDS - NOISE, touched + ENDS + NOISE);
        assertThat(stacks(target)).isEqualTo(20);

        Plans.release(target);
        assertThat(stacks(target)).isZero();
        assertThat(target.rss() - held.get(Reading.RSS_BEFORE)).isBetween(-NOISE, NOISE);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void nativeMemoryTrackingCountsStacks(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-XX:NativeMemoryTracking=summary")) {
      long before = Tool.reservedByNmt(jdk, target, "Thread");
      Plans.attach(target, "a=stack,m=8,x=160,f=0.25");
      Plans.await(target, Phase.HOLDING);
      assertThat(Tool.reservedByNmt(jdk, target, "Thread") - before)
          .isBetween(160 * MIB, 160 * MIB + NOISE);
      Plans.release(target);
      assertThat(Tool.reservedByNmt(jdk, target, "Thread") - before).isBetween(-NOISE, NOISE);
    }
  }

  /** The application may interrupt any thread; the threads of the area must continue to wait. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void interruptsDoNotKeepThreadsBusy(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      Plans.attach(target, "a=stack,m=1,x=4");
      Plans.await(target, Phase.HOLDING);
      assertThat(target.ask("interrupt allocmem-")).isEqualTo("interrupted 6");
      long before = cpu(target);
      Patience.holds(
          Duration.ofSeconds(2),
          () -> assertThat(cpu(target) - before).as("ticks of 10 ms in 2 s").isLessThan(100));
      Plans.release(target);
      assertThat(stacks(target)).isZero();
    }
  }

  /** Returns the CPU time of the process, user and system, in ticks: figures 14 and 15 of stat. */
  private static long cpu(Target target) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + target.pid() + "/stat"));
    String[] figures = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(figures[11]) + Long.parseLong(figures[12]);
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void addressSpaceThatRunsOutIsExhausted(Jdk jdk) throws IOException {
    List<String> limited = List.of("sh", "-c", "ulimit -v 8000000; exec \"$@\"", "sh");
    String plan = "-javaagent:" + Target.AGENT + "=a=stack,m=512,x=0,f=0.01";
    try (Target target = Target.startBy(limited, jdk, "-Xmx64m", "-XX:+UseSerialGC", plan)) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).startsWith("the address space (RLIMIT_AS, ulimit -v) is ");
      assertThat(status.get(Reading.BLOCKS)).isBetween(1L, 15L);
      Plans.release(target);
      assertThat(stacks(target)).isZero();
      assertThat(target.process().isAlive()).isTrue();
    }
  }

  private static long stacks(Target target) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + target.pid() + "/task"))) {
      return threads.filter(StackAreaIT::isStack).count();
    }
  }

  private static boolean isStack(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).startsWith("allocmem-stack");
    } catch (IOException ended) {
      return false;
    }
  }
}
