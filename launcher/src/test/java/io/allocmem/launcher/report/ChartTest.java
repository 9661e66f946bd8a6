package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts of a picture: lines, limits, phases and collections. */
class ChartTest {
  private static final long MIB = Records.MIB;

  @TempDir private Path directory;

  private String svg(Records records) throws Exception {
    Recording recording = Recording.read(records.writeTo(directory));
    return new String(SvgReport.of(recording), StandardCharsets.UTF_8);
  }

  private static long count(String svg, String pattern) {
    return Pattern.compile(pattern).matcher(svg).results().count();
  }

  /** Counts lines of a colour, without the short line in the legend. */
  private static long lines(String svg, Palette colour) {
    return count(svg, "class=\"line [^\"]*s-" + colour.css() + "\"") / 2;
  }

  @Test
  void coincidentLinesAreDrawnOnceWithBothNames() throws Exception {
    String svg = svg(Records.stairs());
    assertThat(svg).contains(">committed<", ">touched = resident<");
    assertThat(lines(svg, Palette.TOUCHED)).isEqualTo(1);
    assertThat(lines(svg, Palette.RESIDENT)).isZero();
    String near = svg(Records.stairs().withPlan("resident", 1));
    assertThat(near).contains(">touched ≈ resident<");
    String far = svg(Records.stairs().withPlan("resident", 10 * MIB));
    assertThat(far).contains(">touched<", ">resident<");
    assertThat(lines(far, Palette.RESIDENT)).isEqualTo(1);
  }

  @Test
  void theLegendHasMaximumAndLastValue() throws Exception {
    assertThat(svg(Records.stairs()))
        .containsPattern(">committed</tspan>.*>max 30 MiB · </tspan>.*>last 0 \\w+</tspan>")
        .containsPattern(">RSS</tspan>.*>max 75 MiB · </tspan>.*>last 60 MiB</tspan>");
  }

  @Test
  void targetAndLimitsAreLines() throws Exception {
    String svg =
        svg(
            Records.stairs()
                .with("heapMax", 64 * MIB)
                .with("containerUsed", 70 * MIB)
                .with("containerCapacity", 128 * MIB));
    assertThat(svg).contains(">target<", ">heap max<", ">container limit<");
    assertThat(lines(svg, Palette.LIMIT)).isEqualTo(3);
    assertThat(count(svg, "f-limit s-paper halo")).as("names beside the lines").isEqualTo(3);
  }

  @Test
  void aLimitFarAboveAllIsNamedAndNotDrawn() throws Exception {
    String svg = svg(Records.stairs().with("heapMax", 8192 * MIB));
    assertThat(svg).contains(">8192 MiB, above the chart<", ">20 MiB<");
  }

  @Test
  void theLevelOfAPlanThatFollowsUsageIsALine() throws Exception {
    Records until = new Records().add(3, "HOLDING").add(3, "HOLDING").with("heapMax", 100 * MIB);
    String svg =
        svg(until.withPlan("limit", null).withPlan("until", "85%").withPlan("area", "heap"));
    assertThat(svg).contains(">until 85%<", ">85 MiB<");
  }

  @Test
  void phasesAreALaneAndAlarmsHaveTheirOwnColour() throws Exception {
    String svg = svg(new Records().add(1, "ALLOCATING").add(1, "EXHAUSTED").add(1, "EXHAUSTED"));
    assertThat(svg).contains(">ALLOCATING<", ">EXHAUSTED<");
    assertThat(count(svg, "<rect class=\"f-rss\"")).isEqualTo(1);
    assertThat(count(svg(Records.stairs()), "<rect class=\"f-rss\"")).isZero();
  }

  @Test
  void collectionsAreALaneOfTheirOwn() throws Exception {
    Records collected = Records.stairs().with("collections", 12).with("pauseMillis", 30);
    String svg = svg(collected);
    assertThat(svg).contains(">Collections<", "12, paused 30 ms = 0.60 % of the time");
    assertThat(count(svg, "<rect class=\"f-used\"")).isBetween(30L, 60L);
    assertThat(svg(Records.stairs().with("collections", null))).contains(">Collections<");
    Records none = new Records().add(1, "HOLDING").with("collections", null);
    assertThat(svg(none)).doesNotContain(">Collections<");
  }

  @Test
  void aJvmThatCountsNoPausesHasTheNumberOfCollections() throws Exception {
    String svg = svg(Records.stairs().with("collections", 12).with("pauseMillis", null));
    assertThat(svg).contains("\u200212; a bar is 23 ms<").doesNotContain("paused");
    assertThat(count(svg, "<rect class=\"f-used\"")).isPositive();
  }

  @Test
  void whatPressureCostsAreChartsInPercentAndMilliseconds() throws Exception {
    String svg = svg(Records.costs());
    assertThat(svg)
        .contains(">GC of the CPU time<", ">waiting for memory (PSI)<")
        .containsPattern(">longest</tspan>.*>max 40.0 ms · </tspan>.*>last 2.0 ms</tspan>")
        .contains(">20 %<", ">40 %<", ">20 ms<", ">40 ms<");
    assertThat(svg(Records.costs().with("gcOfProcess1s", 1))).contains(">Stalls");
    assertThat(svg(Records.stairs())).doesNotContain("Stalls", "Cost of pressure");
  }

  @Test
  void aTargetByEffectIsALineAmongTheCosts() throws Exception {
    Records byEffect = Records.costs().withPlan("limit", null).withPlan("until", "gc:25%");
    String svg = svg(byEffect.withPlan("area", "heap").withPlan("effectTarget", 250));
    assertThat(svg).contains(">until gc:25%<");
  }

  @Test
  void theCursorHasAReadoutForEachLineAndPhase() throws Exception {
    Recording recording = Recording.read(Records.stairs().writeTo(directory));
    Figure figure = Figure.inPage(recording, Headline.of(recording));
    List<?> readouts = (List<?>) figure.readouts().data().get("readouts");
    String svg = SvgReport.inPage(figure, 944, "wide");
    assertThat(count(svg, "data-readout=\"")).isEqualTo(readouts.size());
    assertThat(readouts.get(0).toString())
        .contains("values=[WAITING, ALLOCATING, null, HOLDING, null, RELEASED]");
    assertThat(readouts.get(1).toString()).contains("values=[0.0, 10.0, 20.0, 30.0, 30.0, 0.0]");
  }
}
