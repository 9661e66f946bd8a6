package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns of block characters. */
class BarChartTest {
  @Test
  void risesByEighthsOfARow() {
    long[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16};
    assertThat(BarChart.draw(values, 16, 2, false))
        .isEqualTo(List.of("         ▁▄█", " ▁▂▃▄▅▆▇████"));
  }

  @Test
  void isCoarserInAscii() {
    long[] values = {0, 1, 4, 8, 9, 12, 16};
    assertThat(BarChart.draw(values, 16, 2, true)).isEqualTo(List.of("    .:#", " .:####"));
  }

  @Test
  void showsTheLeastThatIsNotNothingAndNothingThatIsNotMeasured() {
    long[] values = {-1, 0, 1, 1 << 30};
    assertThat(BarChart.draw(values, 1 << 30, 1, false)).containsExactly("  ▁█");
    assertThat(BarChart.draw(values, 0, 1, false)).containsExactly("    ");
  }
}
