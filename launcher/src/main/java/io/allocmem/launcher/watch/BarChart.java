package io.allocmem.launcher.watch;

import java.util.ArrayList;
import java.util.List;

/** Figures over time as columns of blocks, an eighth of a row fine; coarser in ASCII. */
final class BarChart {
  private static final int EIGHTHS = 8;
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String ASCII = " ...:::##";

  private BarChart() {}

  /**
   * Draws them from the bottom up: nothing is empty, {@code max} is full, and what is more than
   * nothing is seen.
   *
   * @return the rows, the uppermost first, a character for each value
   */
  static List<String> draw(long[] values, long max, int rows, boolean ascii) {
    List<String> drawn = new ArrayList<>();
    for (int row = rows - 1; row >= 0; row--) {
      StringBuilder line = new StringBuilder();
      for (long value : values) {
        int inRow = level(value, max, rows) - row * EIGHTHS;
        int fill = Math.max(0, Math.min(EIGHTHS, inRow));
        line.append((ascii ? ASCII : BLOCKS).charAt(fill));
      }
      drawn.add(line.toString());
    }
    return drawn;
  }

  /** In eighths of a row. */
  private static int level(long value, long max, int rows) {
    if (value <= 0 || max <= 0) {
      return 0;
    }
    double share = Math.min(1, (double) value / max);
    return (int) Math.max(1, Math.round(share * rows * EIGHTHS));
  }
}
