package io.allocmem.launcher.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Bar chart of values over time: columns with a resolution of an eighth of a row; coarser in ASCII.
 */
final class BarChart {
  private static final int EIGHTHS = 8;
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String ASCII = " ...:::##";

  private BarChart() {}

  /**
   * Draws the columns from bottom to top: 0 is empty, {@code max} is full, and any value above 0 is
   * visible.
   *
   * @return the rows from top to bottom, one character per value
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

  /** Returns the height in eighths of a row. */
  private static int level(long value, long max, int rows) {
    if (value <= 0 || max <= 0) {
      return 0;
    }
    double share = Math.min(1, (double) value / max);
    return (int) Math.max(1, Math.round(share * rows * EIGHTHS));
  }
}
