package io.allocmem.launcher.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A line of level steps, thinned to the columns of a picture: each column keeps its first, lowest,
 * highest and last value. A missing value is a gap.
 */
final class Steps {
  /** A missing value. */
  static final int GAP = Integer.MIN_VALUE;

  /** Length of the last value in pixels: a release at the end of a record is seen. */
  static final int TAIL = 4;

  private final List<int[]> runs = new ArrayList<>();
  private int[] run = new int[64];
  private int length;
  private int column;
  private int first = GAP;
  private int lowest;
  private int highest;
  private int last;

  private Steps() {}

  /** Makes the line from the columns and rows of all values, in the order of columns. */
  static Steps of(int[] columns, int[] rows) {
    Steps steps = new Steps();
    for (int i = 0; i < columns.length; i++) {
      steps.add(columns[i], rows[i]);
    }
    if (columns.length > 0) {
      steps.end(columns[columns.length - 1] + TAIL);
    }
    return steps;
  }

  /** Makes a level line. */
  static Steps level(int from, int to, int row) {
    return of(new int[] {from, to - TAIL}, new int[] {row, row});
  }

  /**
   * Returns the parts between gaps: x and y of the start, then x and y of each step. A step goes
   * level to x, then upright to y.
   */
  List<int[]> runs() {
    return runs;
  }

  private void add(int x, int y) {
    if (y == GAP) {
      end(x);
      return;
    }
    if (first != GAP && x == column) {
      lowest = Math.min(lowest, y);
      highest = Math.max(highest, y);
      last = y;
      return;
    }
    flush();
    column = x;
    first = lowest = highest = last = y;
  }

  private void flush() {
    if (first != GAP) {
      boolean falls = last <= first; // towards the last value last: no way is drawn twice
      point(column, first);
      point(column, falls ? highest : lowest);
      point(column, falls ? lowest : highest);
      point(column, last);
      first = GAP;
    }
  }

  /** Adds a point, except within a level line. */
  private void point(int x, int y) {
    if (length >= 2 && run[length - 1] == y) {
      return;
    }
    if (length + 2 > run.length) {
      run = Arrays.copyOf(run, run.length * 2);
    }
    run[length++] = x;
    run[length++] = y;
  }

  /** Ends a part: the last value lasts until x, and at least one pixel. */
  private void end(int x) {
    flush();
    if (length >= 2) {
      int[] whole = Arrays.copyOf(run, length + 2);
      whole[length] = Math.max(x, run[0] + 1);
      whole[length + 1] = run[length - 1];
      runs.add(whole);
    }
    length = 0;
  }
}
