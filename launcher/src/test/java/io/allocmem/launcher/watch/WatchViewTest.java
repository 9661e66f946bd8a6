package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.RecordLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Picture of the live view, without a terminal. */
class WatchViewTest {
  private static final long MIB = 1L << 20;
  private static final Path RECORD = Path.of("src/test/resources/watch.jsonl");

  /** Returns a record of twenty blocks of 10 MiB. */
  private static History recorded() throws IOException {
    History history = new History(250);
    for (String line : Files.readAllLines(RECORD)) {
      history.add(RecordLine.parse(line, 0));
    }
    return history;
  }

  static JvmSample sample(long millis, long rss, PlanSample... plans) {
    Readings jvm = readings(Map.of(Reading.RSS, rss));
    return new JvmSample(
        JvmSample.FORMAT, millis, 7L, "21", "Service", "0.1.0", jvm, List.of(plans));
  }

  private static JvmSample machine(
      long millis, long collections, long pauseMillis, long container) {
    JvmSample machine = sample(millis, 80 * MIB, plan("a", "HOLDING", "", 30 * MIB));
    machine.readings().set(Reading.CONTAINER_USED, container * MIB);
    machine.readings().set(Reading.CONTAINER_CAPACITY, 512 * MIB);
    machine.readings().set(Reading.COLLECTIONS, collections);
    machine.readings().set(Reading.PAUSE_MILLIS, pauseMillis);
    return machine;
  }

  private static Readings readings(Map<Reading, Long> known) {
    Readings readings = new Readings();
    readings.set(Reading.HEAP_USED, 5 * MIB);
    readings.set(Reading.HEAP_MAX, 100 * MIB);
    readings.set(Reading.HEAP_LIVE, 50 * MIB);
    known.forEach(readings::set);
    return readings;
  }

  private static PlanSample plan(String name, String phase, String until, long committed) {
    boolean sums = until.isEmpty();
    return new PlanSample(
        name,
        phase,
        "heap",
        30 * MIB,
        sums ? 200 * MIB : null,
        sums ? null : until,
        "hold",
        1.0,
        0L,
        readings(
            Map.of(
                Reading.BLOCKS,
                committed / (30 * MIB),
                Reading.COMMITTED,
                committed,
                Reading.TOUCHED,
                committed)),
        "said");
  }

  private static List<String> draw(WatchView view, History history) {
    return view.draw(history, "").stream().map(AttributedString::toString).toList();
  }

  private static History of(PlanSample... plans) {
    History history = new History(250);
    history.add(sample(0, 80 * MIB, plans));
    return history;
  }

  /**
   * JLine edits the list when lines scroll; an unmodifiable list ended a watch with an
   * UnsupportedOperationException.
   */
  @Test
  void theDisplayMayEditWhatItIsGiven() throws IOException {
    List<AttributedString> lines = new WatchView(80, 24, false).draw(recorded(), "");
    AttributedString first = lines.remove(0);
    lines.add(first);
    assertThat(lines).hasSize(24).endsWith(first);
  }

  @Test
  void isThePictureInTheDocuments() throws IOException {
    String picture =
        draw(new WatchView(80, 24, false), recorded()).stream()
            .map(line -> line.stripTrailing() + "\n")
            .collect(Collectors.joining());
    assertThat(Files.readString(Path.of("docs/watch-record-report.md")))
        .contains("```\n" + picture + "```");
  }

  @ParameterizedTest
  @CsvSource({"80,24", "120,30", "200,50", "40,10", "20,5", "1,1", "500,3", "3,100"})
  void fitsAnySize(int width, int height) throws IOException {
    for (boolean ascii : new boolean[] {false, true}) {
      List<String> lines = draw(new WatchView(width, height, ascii), recorded());
      assertThat(lines).isNotEmpty().hasSizeLessThanOrEqualTo(height);
      assertThat(lines).allMatch(line -> line.length() <= width);
      assertThat(String.join("", lines).chars().allMatch(c -> c < 128) || !ascii).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"80,24", "120,30", "200,50"})
  void fillsTheTerminalAndAlignsTheColumns(int width, int height) throws IOException {
    List<String> lines = draw(new WatchView(width, height, false), recorded());
    assertThat(lines).hasSize(height).endsWith(WatchView.KEYS);
    assertThat(lines.stream().filter(line -> line.matches("[a-zRG].*\\d (MiB|%) .*")))
        .allMatch(line -> line.startsWith("default") || line.charAt(Meter.FIGURES - 1) == ' ')
        .hasSizeGreaterThan(6);
  }

  @Test
  void showsAllAtFortyByTen() throws IOException {
    assertThat(draw(new WatchView(40, 10, false), recorded()).toString())
        .contains("committed", "touched", "resident", "RSS", "heap used", "GC 0")
        .contains(WatchView.KEYS);
  }

  @Test
  void eachPlanHasALineAndAChartInAlignedColumns() {
    History history =
        of(plan("a", "ALLOCATING", "", 120 * MIB), plan("second", "EXHAUSTED", "", 30 * MIB));
    assertThat(draw(new WatchView(80, 24, true), history))
        .anyMatch(line -> line.startsWith("a       ALLOCATING  heap   57 %   120 MiB of 210 MiB"))
        .anyMatch(line -> line.startsWith("second  EXHAUSTED   heap   14 %    30 MiB of 210 MiB"))
        .anyMatch(line -> line.startsWith("committed      120 MiB "))
        .anyMatch(line -> line.startsWith("committed       30 MiB "))
        .anyMatch(line -> line.startsWith("resident             - ") || line.isEmpty())
        .anyMatch(line -> line.equals("second: said"));
  }

  @Test
  void morePlansThanRowsAreCounted() {
    PlanSample[] plans = new PlanSample[30];
    for (int i = 0; i < plans.length; i++) {
      plans[i] = plan("p" + i, "HOLDING", "", 30 * MIB);
    }
    assertThat(draw(new WatchView(80, 24, true), of(plans)))
        .hasSizeLessThanOrEqualTo(24)
        .anyMatch(line -> line.matches("\\d+ plans more: allocmem status"))
        .endsWith(WatchView.KEYS);
  }

  @Test
  void aPhaseThatNeedsALookHasAColourOfItsOwn() {
    for (String phase : List.of("EXHAUSTED", "GUARDED", "FAILED", "DEAD")) {
      assertThat(ansi(phase)).contains("31;1m" + phase).contains("\033[36m");
    }
    assertThat(ansi("HOLDING")).doesNotContain("31m").contains("\033[36m");
  }

  private static String ansi(String phase) {
    return new WatchView(80, 24, true)
        .draw(of(plan("a", phase, "", 30 * MIB)), "").stream()
            .map(line -> line.toAnsi())
            .collect(Collectors.joining("\n"));
  }

  @Test
  void theTargetOfAPlanIsALineInTheMeter() {
    List<String> lines =
        draw(new WatchView(80, 24, true), of(plan("a", "HOLDING", "80%", 30 * MIB)));
    assertThat(lines.get(1)).startsWith("a  HOLDING  heap   63 %    50 MiB of 80 MiB");
    assertThat(lines)
        .anyMatch(line -> line.matches("target          80 MiB =+"))
        .anyMatch(line -> line.matches("heap max       100 MiB +"));
  }

  @Test
  void theContainerIsTheScaleOfRss() {
    History history = new History(250);
    history.add(machine(0, 1, 100, 200));
    assertThat(draw(new WatchView(80, 24, true), history))
        .anyMatch(line -> line.matches("limit          512 MiB -"))
        .anyMatch(line -> line.startsWith("RSS             80 MiB "))
        .anyMatch(line -> line.startsWith("container      200 MiB "));
  }

  @Test
  void theLaneShowsCollectionsAndTheirShareOfTheLastTenSeconds() {
    History history = new History(250);
    history.add(machine(0, 1, 100, 200));
    history.add(machine(10_000, 30, 5100, 250));
    history.add(machine(20_000, 41, 5350, 300));
    String lane =
        draw(new WatchView(80, 24, false), history).stream()
            .filter(line -> line.startsWith("GC 41            2.5 % "))
            .findFirst()
            .orElseThrow();
    assertThat(lane.substring(Meter.FIGURES).strip()).matches("▄ +▁");
    assertThat(draw(new WatchView(80, 24, true), of(plan("a", "HOLDING", "", 0))))
        .anyMatch(line -> line.startsWith("GC -                 - "));
  }

  @Test
  void costsAreLanesWhereThereIsRoomAndSomethingKnown() {
    History history = new History(250);
    for (int i = 0; i < 4; i++) {
      JvmSample sample = machine(250 * i, 1, 100, 200);
      sample.readings().set(Reading.GC_OF_PROCESS_1S, 250 * i);
      sample.readings().set(Reading.STALL_P99, 1_000);
      sample.readings().set(Reading.STALL_MAX, 10_000 * i);
      history.add(sample);
    }
    List<String> lines = draw(new WatchView(80, 24, false), history);
    assertThat(lines)
        .hasSize(24)
        .contains("GC of CPU       75.0 %  ▂▄▆", "stall p99       1.0 ms ▁▁▁▁")
        .contains("stall max      30.0 ms  ▃▅█")
        .noneMatch(line -> line.startsWith("PSI"))
        .filteredOn(line -> line.startsWith("container") || line.startsWith("committed"))
        .hasSize(2);
    assertThat(draw(new WatchView(80, 13, false), history))
        .anyMatch(line -> line.startsWith("GC of CPU"))
        .noneMatch(line -> line.startsWith("stall"));
    assertThat(draw(new WatchView(40, 10, false), history).toString())
        .contains("committed", "heap used", "GC 1", WatchView.KEYS)
        .doesNotContain("GC of CPU");
  }

  @Test
  void theTimesLeftStandBesideThePlan() {
    PlanSample plan = plan("a", "HOLDING", "", 180 * MIB);
    plan.readings().set(Reading.DUE_MILLIS, 12_000);
    plan.readings().set(Reading.LEASE_END_MILLIS, 4_300);
    plan.readings().set(Reading.DURATION_END_MILLIS, 3 * 3_600_000 + 5 * 60_000);
    assertThat(draw(new WatchView(90, 24, true), of(plan)).get(1))
        .endsWith(" of 210 MiB  hold 12 s  lease 4.3 s  duration 3 h 5 min");
  }

  @Test
  void theWholeRunIsVisibleHoweverLong() {
    History history = new History(250);
    for (int second = 0; second <= 7200; second++) {
      history.add(sample(second * 1000L, 80 * MIB, plan("a", "HOLDING", "", second * MIB / 36)));
    }
    List<String> lines = draw(new WatchView(80, 24, true), history);
    assertThat(lines).anyMatch(line -> line.matches(" {23}0 s +2 h 0 min"));
  }

  @Test
  void textOfOthersIsAsciiWithoutALocale() {
    History history = of(plan("a", "HOLDING", "", 30 * MIB));
    List<AttributedString> lines = new WatchView(80, 24, true).draw(history, "Größe …");
    assertThat(lines).extracting(AttributedString::toString).contains("Gr??e ?");
  }
}
