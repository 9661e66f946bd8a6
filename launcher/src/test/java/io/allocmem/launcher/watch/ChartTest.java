package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/** Columns and lines of a chart, character by character. */
class ChartTest {
  private static final long[] NONE = {};

  private static List<String> draw(Chart chart, int rows) {
    return chart.draw(rows).stream().map(AttributedString::toString).toList();
  }

  @Test
  void risesByEighthsOfARow() {
    long[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16};
    assertThat(draw(new Chart(values, NONE, 16, -1, -1, false), 2))
        .isEqualTo(List.of("         ▁▄█", " ▁▂▃▄▅▆▇████"));
  }

  @Test
  void isCoarserInAscii() {
    long[] values = {0, 1, 4, 8, 9, 12, 16};
    assertThat(draw(new Chart(values, NONE, 16, -1, -1, true), 2))
        .isEqualTo(List.of("    .:#", " .:####"));
  }

  @Test
  void theLeastValueIsVisibleAndAnUnknownValueIsNot() {
    long[] values = {-1, 0, 1, 1 << 30};
    assertThat(draw(new Chart(values, NONE, 1 << 30, -1, -1, false), 1)).containsExactly("  ▁█");
    assertThat(draw(new Chart(values, NONE, 0, -1, -1, false), 1)).containsExactly("    ");
  }

  @Test
  void theShadeStandsBehindTheSolidValues() {
    long[] touched = {0, 4, 8, 8, 1};
    long[] committed = {8, 16, 16, 8, 1};
    assertThat(draw(new Chart(touched, committed, 16, -1, -1, false), 2))
        .isEqualTo(List.of(" ░░  ", "░███▁"));
    assertThat(draw(new Chart(touched, committed, 16, -1, -1, true), 2))
        .isEqualTo(List.of(" ++  ", "+###."));
  }

  @Test
  void limitAndTargetAreLinesBehindTheColumns() {
    long[] values = {0, 16, 8};
    assertThat(draw(new Chart(values, NONE, 32, 32, 16, false), 4))
        .isEqualTo(List.of("━━━", "   ", "┄█┄", " ██"));
    assertThat(draw(new Chart(values, NONE, 32, 32, 16, true), 4))
        .isEqualTo(List.of("---", "   ", "=#=", " ##"));
  }
}
