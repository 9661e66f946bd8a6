package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thread stacks as the kernel counts them. */
class StackAreaIT {
  private static final long MIB = 1L << 20;
  private static final long NOISE = 4 * MIB;

  /** A thread's own frames, and at the other end what the JVM protects. */
  private static final long ENDS = 20 * 128 * 1024;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void stacksAreUsedToTheDepthOfTheFillRatio(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx128m")) {
      for (int percent : new int[] {100, 0, 25}) {
        Plans.attach(target, "a=stack,m=8,x=160,f=" + percent + "%");
        Status held = Plans.await(target, Phase.HOLDING);
        long touched = 160 * MIB * percent / 100;
        assertThat(held.resident).isBetween(touched - ENDS, touched + ENDS);
        assertThat(target.rss() - held.rssBefore)
            .isBetween(touched - ENDS - NOISE, touched + ENDS + NOISE);
        assertThat(stacks(target)).isEqualTo(20);

        Plans.release(target);
        assertThat(stacks(target)).isZero();
        assertThat(target.rss() - held.rssBefore).isBetween(-NOISE, NOISE);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void addressSpaceThatRunsOutIsExhausted(Jdk jdk) throws IOException {
    List<String> limited = List.of("sh", "-c", "ulimit -v 8000000; exec \"$@\"", "sh");
    String plan = "-javaagent:" + Target.AGENT + "=a=stack,m=512,x=0,f=0.01";
    try (Target target = Target.startBy(limited, jdk, "-Xmx64m", "-XX:+UseSerialGC", plan)) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).startsWith("no more threads, or no address space");
      assertThat(status.blocks).isBetween(1L, 15L);
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
