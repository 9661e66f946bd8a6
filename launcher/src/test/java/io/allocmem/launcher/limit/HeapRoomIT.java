package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attach to a JVM with a nearly full heap, and with a fatal first OutOfMemoryError. Serial on the
 * oldest and the newest JDK in each build: only this heap can be filled to the last KiB. Parallel,
 * G1 and ZGC since JDK 15 on all JDKs with {@code -Plong}; with the remaining collectors, the
 * application itself meets the error first.
 */
class HeapRoomIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";
  private static final List<Collector> OTHERS =
      List.of(Collector.PARALLEL, Collector.G1, Collector.ZGC, Collector.GENERATIONAL_ZGC);

  /** Free bytes at the first measurement of the unusable part. */
  private static final long PLENTY = 6 << 20;

  static Stream<Arguments> jdksAndCollectors(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(one -> one == Collector.SERIAL || ALL && OTHERS.contains(one))
                    .filter(one -> one != Collector.ZGC || jdk.version() >= 15)
                    .filter(one -> one != Collector.PARALLEL || jdk.version() < 27) // not filled
                    .map(one -> Arguments.of(jdk, one)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksAndCollectors")
  void isEnoughOrTheAttachIsRefused(Jdk jdk, Collector collector) {
    try (Target target = start(jdk, collector)) {
      long needed = ((Number) seen(target).get("heapRoomNeeded")).longValue();
      long room = fill(target, needed + (collector.hasPages() ? 4 << 20 : 64 << 10));
      assertThat(room).as("of %d", needed).isGreaterThanOrEqualTo(needed);
      String[] plan = {"-x", "0", "--keep-free", "90%"};
      Cli attached = Cli.run("attach", target.pid(), plan[0], plan[1], plan[2], plan[3]);
      assertThat(attached.code()).as(room + " free: " + attached.out() + target.err()).isZero();
      Plans.await(target, Phase.GUARDED);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdksAndCollectors")
  void thatIsNotEnoughRefusesWhereAnErrorIsFatal(Jdk jdk, Collector collector) {
    try (Target target = start(jdk, collector)) {
      long needed = ((Number) seen(target).get("heapRoomNeeded")).longValue();
      long room = fill(target, needed - (96 << 10));
      assertThat(room).as("of %d", needed).isLessThan(needed);
      String cause = "JVM %d reports ".formatted(target.pid());
      String remedy =
          "with %s an OutOfMemoryError ends the JVM or writes a heap dump;".formatted(FATAL);
      Cli.run("attach", target.pid(), "-x", "1", "-a", "native").assertSentence(cause, remedy);
      assertThat(check(target).out()).contains("refused: " + cause, remedy, "cannot start");
      assertThat(check(target, "-x", "1", "-a", "native", "--oom", "allow").out())
          .doesNotContain(cause);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Target start(Jdk jdk, Collector collector) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms64m", "-Xmx64m", FATAL));
    return Target.start(jdk, flags.toArray(new String[0]));
  }

  /**
   * Lets the application fill the heap until about {@code wanted} bytes are usable. Returns the
   * usable bytes as the launcher measures. A JVM also counts an unusable survivor space as free.
   */
  private static long fill(Target target, long wanted) {
    long room = 0;
    long useless = 0;
    for (long free : new long[] {wanted + PLENTY, wanted, wanted}) {
      String left = target.ask("leave " + ((free + useless) >> 10));
      assertThat(left).as(target.err()).isNotNull();
      room = ((Number) seen(target).get("heapRoom")).longValue();
      useless = Math.max(0, Long.parseLong(left) - room);
    }
    return room;
  }

  private static Map<String, Object> seen(Target target) {
    return check(target, "--json").json();
  }

  private static Cli check(Target target, String... options) {
    Stream<String> words = Stream.of("check", Long.toString(target.pid()));
    return InProcess.run(Stream.concat(words, Arrays.stream(options)).toArray());
  }
}
