package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.TwoHours;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Report of two hours: as small as the report of a minute. */
class TwoHoursTest {
  private static final int MOST_BYTES = 300_000;
  private static final int MOST_ELEMENTS = 12_000;

  @TempDir private static Path directory;

  private static String page;
  private static String svg;

  @BeforeAll
  static void make() throws Exception {
    Recording recording = Recording.read(TwoHours.writeTo(directory));
    page = HtmlReport.of(recording);
    svg = new String(SvgReport.of(recording), StandardCharsets.UTF_8);
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void thePageIsSmall() {
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST_BYTES);
    assertThat(count(page, "<[a-z]")).isLessThan(MOST_ELEMENTS);
    assertThat(svg).hasSizeLessThan(MOST_BYTES / 2);
  }

  @Test
  void collectionsAreBarsAndNoLinesThroughTheCharts() {
    assertThat(page).contains("<dd>3,600</dd><dt>during the record</dt>");
    assertThat(count(svg, "<rect class=\"f-used\"")).isBetween(100L, 250L);
    assertThat(svg.lines().filter(line -> line.contains("f-used") && line.contains("<rect")))
        .allMatch(bar -> Integer.parseInt(bar.replaceAll(".*height=\"(\\d+)\".*", "$1")) <= 44);
  }

  @Test
  void theAxesHaveMinutesAndGib() {
    assertThat(svg).contains(">10 min<", ">110 min<", ">1 GiB<", ">1.5 GiB<");
  }

  @Test
  void theHeadlineAndTheImportantEventsComeFirst() {
    assertThat(page)
        .contains("<b>Reached</b> <span>plan default: 2000 MiB, held for 33 min 20 s")
        .contains("paused for 0.51 % of the time");
    String shown = page.substring(page.indexOf("<h2>Events"), page.indexOf("<details>"));
    assertThat(shown.lines().filter(line -> line.startsWith("<tr>")))
        .hasSize(3)
        .anyMatch(row -> row.contains("1:06:40.0") && row.contains("HOLDING"));
    assertThat(page.indexOf("<h1>"))
        .isLessThan(page.indexOf("class=\"tiles\""))
        .isLessThan(page.indexOf("<svg"));
    assertThat(page.indexOf("<svg")).isLessThan(page.indexOf("<h2>Events"));
  }
}
