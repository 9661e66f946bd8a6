package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Live view on a real terminal, and the record of the same samples. */
@Execution(ExecutionMode.CONCURRENT)
class WatchIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String PLAN = " -m 10 -x 200 -w 500ms -e 300ms -a native ";
  private static final String KEYS = "p pause  r resume  x release  q quit";
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String SAY_END =
      "; echo \"ended $?\"; test \"$BEFORE\" = \"$(stty -g)\" && echo as before";

  @TempDir Path directory;

  private static String allocmem(Jdk jdk, String words) {
    return jdk.java() + " -jar " + Cli.JAR + " " + words;
  }

  static Stream<Jdk> oldestAndNewest() {
    return Stream.of(Jdks.launchers().findFirst().orElseThrow(), NEWEST).distinct();
  }

  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void drawsTheStairsAndReleasesAtAKey(Jdk jdk) throws IOException {
    Path record = directory.resolve("record");
    try (Target target = Target.start(NEWEST);
        Tmux terminal = new Tmux(directory, 80, 24)) {
      String words = "attach " + target.pid() + PLAN + "--watch --every 50ms --record " + record;
      terminal.type(allocmem(jdk, words) + SAY_END);
      terminal.await(WatchIT::areStairsOfTwenty);
      assertThat(terminal.colors()).contains("\033[36m");

      terminal.press("p");
      terminal.await("PAUSED");
      terminal.press("r");
      terminal.await("HOLDING");
      terminal.press("x");
      terminal.await("RELEASED");
      assertThat(target.controlFiles()).isEmpty();
      assertThat(terminal.isOtherScreen()).isTrue();
      terminal.press("q");
      assertRestored(terminal, "ended 0");
      assertThat(String.join("\n", terminal.lines()))
          .contains("plan default: RELEASED")
          .doesNotContainIgnoringCase("warn");
    }
    assertRecord(record);
  }

  /**
   * Returns true if the graph rises in twenty equal steps without a fall, with the final figures.
   */
  private static boolean areStairsOfTwenty(List<String> screen) {
    List<Integer> heights = heights(screen);
    double step = 8 * (bottom(screen) - 1) / 20.0; // a row has eighths
    List<Integer> steps =
        IntStream.rangeClosed(0, 20).mapToObj(block -> (int) Math.round(block * step)).toList();
    return screen.size() == 24
        && steps.containsAll(heights)
        && heights.stream().distinct().count() > 5 // a busy machine misses blocks
        && heights.stream().sorted().toList().equals(heights)
        && screen.get(1).startsWith("default  HOLDING  native")
        && screen.get(1).endsWith("100 %   200 MiB of 200 MiB")
        && screen.stream().anyMatch(line -> line.startsWith("committed      200 MiB "))
        && screen.stream().anyMatch(line -> line.startsWith("touched        200 MiB "));
  }

  /** Returns the last row of the first graph. */
  private static int bottom(List<String> screen) {
    return IntStream.range(0, screen.size())
        .filter(line -> screen.get(line).startsWith("resident"))
        .findFirst()
        .orElse(0); // half of the screen is drawn
  }

  /** Returns the heights of the first graph's columns, in eighths of a row. */
  private static List<Integer> heights(List<String> screen) {
    int bottom = bottom(screen);
    List<Integer> heights = new ArrayList<>();
    for (int column = 23; column < screen.get(bottom).length(); column++) {
      int height = 0;
      for (int row = 2; row <= bottom; row++) {
        String line = screen.get(row);
        int eighths = column < line.length() ? BLOCKS.indexOf(line.charAt(column)) : 0;
        height += Math.max(0, eighths); // the limit is a line
      }
      heights.add(height);
    }
    return heights;
  }

  private static void assertRestored(Tmux terminal, String end) {
    terminal.await(end);
    terminal.await("as before");
    assertThat(terminal.isOtherScreen()).isFalse();
    assertThat(terminal.isCursor()).isTrue();
  }

  private static void assertRecord(Path record) throws IOException {
    List<Long> committed = new ArrayList<>();
    Map<?, ?> plan = Map.of();
    long time = 0;
    for (String line : Files.readAllLines(record)) {
      Map<String, Object> look = JSON.std.mapFrom(line);
      assertThat(look).containsEntry("format", 1);
      assertThat((Long) look.get("time")).isGreaterThan(time);
      time = (Long) look.get("time");
      plan = (Map<?, ?>) ((List<?>) look.get("plans")).get(0);
      committed.add(((Number) plan.get("committed")).longValue() >> 20);
    }
    assertThat(committed).allMatch(mib -> mib % 10 == 0).contains(200L);
    assertThat(committed.stream().distinct().count()).isGreaterThan(5);
    assertThat(plan.get("phase")).isEqualTo("RELEASED");
    assertThat(plan.get("committed")).isEqualTo(0);
  }

  @Test
  void followsTheTerminalsSize() {
    try (Target target = Target.startWithAgent(NEWEST, "m=10,x=50,a=native");
        Tmux terminal = new Tmux(directory, 80, 24)) {
      Plans.await(target, Phase.HOLDING);
      terminal.type(allocmem(NEWEST, "watch " + target.pid()) + SAY_END);
      terminal.await(KEYS);
      terminal.resize(40, 10);
      terminal.await(lines -> lines.size() == 10 && lines.get(9).equals(KEYS));
      terminal.resize(120, 30);
      terminal.await(lines -> lines.size() == 30 && lines.get(29).equals(KEYS));
      terminal.resize(10, 3);
      terminal.await(lines -> lines.get(0).startsWith("JVM"));
      terminal.resize(80, 24);
      terminal.await(KEYS);
      terminal.press("q");
      assertRestored(terminal, "ended 0");
      assertThat(Plans.status(target).phase).as("quit leaves it").isEqualTo(Phase.HOLDING);
      assertThat(terminal.lines())
          .contains(
              "plan default still held, 50 MiB; release with: allocmem release " + target.pid());
    }
  }

  @Test
  void isPlainWithoutColorAndUtf8() {
    try (Target target = Target.startWithAgent(NEWEST, "m=10,x=50,a=native");
        Tmux terminal = new Tmux(directory, 80, 24, "NO_COLOR=1")) {
      Plans.await(target, Phase.HOLDING);
      terminal.type("LC_ALL=C " + allocmem(NEWEST, "watch " + target.pid()));
      List<String> lines = terminal.await(KEYS);
      assertThat(terminal.colors()).doesNotContain("\033[3", "\033[1m").contains("50 MiB #");
      assertThat(String.join("", lines).chars()).allMatch(c -> c < 128);
    }
  }

  @ParameterizedTest
  @CsvSource({"q, 0", "C-c, 130", "TERM, 143"})
  void releasesWhatItHoldsHoweverItIsToldToEnd(String end, int code) throws Exception {
    try (Target target = Target.start(NEWEST);
        Tmux terminal = new Tmux(directory, 80, 24)) {
      String plan = " -m 10 -x 100 -e 400ms -a native --watch --hold --lease 2s";
      String words = "attach " + target.pid() + plan;
      terminal.type(allocmem(NEWEST, words) + SAY_END);
      // after 10 s, longer than the lease: the launcher renews
      terminal.await("100 MiB of 100 MiB"); // after twice the lease: the command renews
      if (end.equals("TERM")) {
        Signal.send(end, launcherOf(target));
      } else {
        terminal.press(end);
      }
      assertRestored(terminal, "ended " + code);
      assertThat(terminal.lines()).contains("plan default: RELEASED");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static long launcherOf(Target target) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains("attach " + target.pid() + " "))
        .filter(p -> p.info().command().orElse("").endsWith("java"))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  @Test
  void keysOfAnAttachMeanItsPlanAlone() throws IOException {
    try (Target target = Target.startWithAgent(NEWEST, "m=10,x=50,a=native,n=other");
        Tmux terminal = new Tmux(directory, 80, 24)) {
      Plans.await(target, "other", Phase.HOLDING);
      String words = "attach " + target.pid() + " -m 10 -x 20 -a native -n mine --watch";
      terminal.type(allocmem(NEWEST, words) + SAY_END);
      terminal.await("mine   HOLDING");
      terminal.press("p");
      terminal.await("mine   PAUSED");
      assertThat(Plans.status(target, "other").phase).isEqualTo(Phase.HOLDING);
      terminal.press("x");
      terminal.await("mine   RELEASED");
      terminal.press("q");
      assertRestored(terminal, "ended 0");
      assertThat(Plans.status(target, "other").phase).isEqualTo(Phase.HOLDING);
      assertThat(Plans.status(target, "other").acknowledged).as("nobody told it").isZero();
    }
  }

  @Test
  void leaksAloneUnderAWatch() {
    Path record = directory.resolve("record");
    try (Tmux terminal = new Tmux(directory, 80, 24)) {
      String words = "run -m 10 -x 50 -b -a native --watch --record " + record;
      terminal.type(allocmem(NEWEST, words) + SAY_END);
      terminal.await("WAITING");
      terminal.press("r");
      terminal.await("50 MiB of 50 MiB");
      terminal.press("q");
      assertRestored(terminal, "ended 0");
      assertThat(terminal.lines())
          .contains("plan default: RELEASED", "ended: everything is released");
      assertThat(record).content().contains("WAITING", "HOLDING").endsWith("\n");

      terminal.type("clear; " + allocmem(NEWEST, "run -x 5 -a native --watch") + SAY_END);
      terminal.await("HOLDING");
      terminal.press("C-c");
      assertRestored(terminal, "ended 130");
      assertThat(terminal.lines())
          .contains("plan default: RELEASED", "ended: everything is released")
          .noneMatch(line -> line.contains("DEAD") || line.contains("[allocmem]"));

      terminal.type("clear; " + allocmem(NEWEST, "run -x 5 --watch -J-Xmx1k"));
      terminal.await("Error occurred during initialization of VM");
    }
  }

  @Test
  void showsThatTheJvmDied() {
    try (Target target = Target.startWithAgent(NEWEST, "m=10,x=50,a=native");
        Tmux terminal = new Tmux(directory, 80, 24)) {
      Plans.await(target, Phase.HOLDING);
      terminal.type(allocmem(NEWEST, "watch " + target.pid()) + SAY_END);
      terminal.await("HOLDING");
      target.process().destroyForcibly();
      terminal.await("DEAD");
      terminal.press("q");
      assertRestored(terminal, "ended 0");
    }
  }

  @Test
  void isLinesWhereThereIsNoTerminal() {
    try (Target target =
        Target.startWithAgent(NEWEST, "m=10,x=30,e=1s,a=native,then=release,hold=3s")) {
      // a terminal type other than dumb, but no terminal
      List<String> terminal = List.of("env", "TERM=xterm");
      Cli watch = Cli.runBy(terminal, NEWEST, Cli.JAR, "watch", target.pid());
      assertThat(watch.code()).as(watch.out()).isZero();
      assertThat(watch.out())
          .matches(
              "(?s)(plan default: (ALLOCATING|HOLDING), \\d blocks, \\d+ MiB committed, .*\n){3,}")
          .contains("HOLDING, 3 blocks, 30 MiB committed, 30 MiB resident, RSS ")
          .endsWith("plan default: RELEASED\n")
          .doesNotContain("\033");
      assertThat(Cli.run("watch", target.pid()).out()).contains("no plan is held in");
    }
  }
}
