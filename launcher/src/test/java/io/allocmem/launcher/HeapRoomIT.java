package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A heap that is nearly full in a JVM that ends at its first OutOfMemoryError: an attach needs some
 * of it. On Serial, whose heap a test can fill to the last KiB; on JDK 8 in each build, on 11 and
 * 17 with {@code -Plong}.
 */
class HeapRoomIT {
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";

  static Stream<Arguments> jdksAndCollectors() {
    return Jdks.some()
        .filter(jdk -> jdk.version() < 21) // where the figures of collections follow each array
        .map(jdk -> Arguments.of(jdk, Collector.SERIAL));
  }

  @ParameterizedTest
  @MethodSource("jdksAndCollectors")
  void isEnoughOrTheAttachIsRefused(Jdk jdk, Collector collector) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms64m", "-Xmx64m", FATAL));
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      long needed = ((Number) seen(target).get("heapRoomNeeded")).longValue();
      fill(target, needed + (64 << 10));
      String[] plan = {"-x", "0", "--keep-free", "1%"};
      assertThat(check(target, plan).code()).isZero();
      Cli attached = Cli.run("attach", target.pid(), plan[0], plan[1], plan[2], plan[3]);
      assertThat(attached.code()).as(attached.out() + target.err()).isZero();
      Plans.await(target, Phase.GUARDED);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("jdksAndCollectors")
  void thatIsNotEnoughRefusesWhereAnErrorIsFatal(Jdk jdk, Collector collector) {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.addAll(List.of("-Xms64m", "-Xmx64m", FATAL));
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      long needed = ((Number) seen(target).get("heapRoomNeeded")).longValue();
      fill(target, needed - (96 << 10));
      String cause = "JVM %d has ".formatted(target.pid());
      String remedy = "with %s an OutOfMemoryError ends it or makes it dump;".formatted(FATAL);
      Cli.run("attach", target.pid(), "-x", "1", "-a", "native").assertSentence(cause, remedy);
      assertThat(check(target).out()).contains("refused: " + cause, remedy, "cannot start");
      assertThat(check(target, "-x", "1", "-a", "native", "--oom", "allow").out())
          .doesNotContain(cause);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Lets the application keep more, until the JVM says that at most so much is free. */
  private static void fill(Target target, long free) {
    long end = System.nanoTime() + 60_000_000_000L;
    for (long more = Long.MAX_VALUE; more > 8 << 10; ) {
      assertThat(System.nanoTime()).as("the heap does not fill").isLessThan(end);
      Object room = seen(target).get("heapRoom");
      // nothing is said before a collection
      more = room == null ? 1 << 20 : ((Number) room).longValue() - free;
      long step = more > 1 << 20 ? more - (1 << 20) : Math.max(4 << 10, more / 2);
      if (more > 8 << 10) {
        assertThat(target.ask("keep " + (step >> 10))).as(target.err()).isEqualTo("kept");
      }
    }
  }

  private static Map<String, Object> seen(Target target) {
    return check(target, "--json").json();
  }

  private static Cli check(Target target, String... options) {
    Stream<String> words = Stream.of("check", Long.toString(target.pid()));
    String[] all = Stream.concat(words, Arrays.stream(options)).toArray(String[]::new);
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    return new Cli(Launcher.run(printer, printer, all), out.toString());
  }
}
