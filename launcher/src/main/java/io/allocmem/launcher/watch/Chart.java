package io.allocmem.launcher.watch;

import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Values over time as columns, with a resolution of an eighth of a row; coarser in ASCII. A second
 * value behind the first is a shade. Lines mark a limit and a target.
 *
 * @param solid values, one per column; any value above 0 is visible
 * @param shade values behind the solid values; empty for none
 * @param top value of a full column
 * @param limit value of the limit's line; not above 0 for none
 * @param target value of the target's line; not above 0 for none
 */
record Chart(long[] solid, long[] shade, long top, long limit, long target, boolean ascii) {
  /** The one colour of all charts. */
  static final AttributedStyle ACCENT = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

  private static final int EIGHTHS = 8;
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String ASCII_BLOCKS = " ...:::##";

  /** Returns the rows from top to bottom, one character per column. */
  List<AttributedString> draw(int rows) {
    return java.util.stream.IntStream.range(0, rows)
        .mapToObj(line -> row(rows - 1 - line, rows))
        .toList();
  }

  private AttributedString row(int row, int rows) {
    char line = line(row, rows);
    AttributedStringBuilder drawn = new AttributedStringBuilder();
    for (int column = 0; column < solid.length; column++) {
      char cell = cell(column, row, rows);
      if (cell == ' ') {
        drawn.append(line);
      } else {
        drawn.append(String.valueOf(cell), ACCENT);
      }
    }
    return drawn.toAttributedString();
  }

  private char cell(int column, int row, int rows) {
    int before = inRow(solid[column], row, rows);
    int behind = shade.length == 0 ? 0 : inRow(shade[column], row, rows);
    String blocks = ascii ? ASCII_BLOCKS : BLOCKS;
    if (behind <= before || row == 0 && before > 0 && before < EIGHTHS / 2) {
      return blocks.charAt(before);
    }
    if (before >= EIGHTHS / 2) {
      return blocks.charAt(EIGHTHS);
    }
    boolean shaded = row == 0 || behind >= EIGHTHS / 2;
    return shaded ? shade(ascii) : ' ';
  }

  /** Returns the character of a shade. */
  static char shade(boolean ascii) {
    return ascii ? '+' : '░';
  }

  /** Returns the character of a full cell. */
  static char full(boolean ascii) {
    return ascii ? '#' : '█';
  }

  /** Returns the line in an empty cell of that row; a blank for none. */
  private char line(int row, int rows) {
    if (rows > 1 && row == rowOf(target, rows)) {
      return ascii ? '=' : '┄';
    }
    if (rows > 1 && row == rowOf(limit, rows)) {
      return ascii ? '-' : '━';
    }
    return ' ';
  }

  private int rowOf(long value, int rows) {
    return value <= 0 || top <= 0 ? -1 : Math.min(rows, (level(value, rows) - 1) / EIGHTHS);
  }

  private int inRow(long value, int row, int rows) {
    return Math.max(0, Math.min(EIGHTHS, level(value, rows) - row * EIGHTHS));
  }

  /** Returns the height in eighths of a row. */
  private int level(long value, int rows) {
    if (value <= 0 || top <= 0) {
      return 0;
    }
    double share = Math.min(1, (double) value / top);
    return (int) Math.max(1, Math.round(share * rows * EIGHTHS));
  }
}
