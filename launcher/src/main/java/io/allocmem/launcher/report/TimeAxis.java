package io.allocmem.launcher.report;

import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.Locale;

/**
 * Axis from left to right: the time since the first sample, at columns of a picture.
 *
 * @param millis duration of the record
 * @param left column of the first sample
 * @param right column of the last sample
 */
record TimeAxis(long millis, int left, int right) {
  /** Height of the labels under a chart. */
  static final int HEIGHT = 22;

  private static final int LABEL = 64;
  private static final int LEFT = 60;
  private static final int RIGHT = 8 + Steps.TAIL;
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  /** Steps between labels; longer steps are whole multiples of a day. */
  private static final long[] STEPS = {
    10,
    20,
    50,
    100,
    200,
    500,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY
  };

  /** Returns the axis of a record in a picture of that width. */
  static TimeAxis across(Recording recording, int width) {
    return new TimeAxis(recording.durationMillis(), LEFT, width - RIGHT);
  }

  /** Returns the columns of all samples. */
  int[] columns(Recording recording) {
    return recording.samples().stream().mapToInt(now -> column(recording.millis(now))).toArray();
  }

  /** Returns the column of a time. */
  int column(long at) {
    double share = Math.min(1, Math.max(0, (double) at / Math.max(1, millis)));
    return left + (int) Math.round(share * (right - left));
  }

  private long step() {
    long least = Math.max(1, millis) / Math.max(1, (right - left) / LABEL);
    for (long step : STEPS) {
      if (step >= least) {
        return step;
      }
    }
    return (least + DAY - 1) / DAY * DAY;
  }

  /** Draws an upright line for each label. */
  void grid(Canvas canvas, int top, int bottom) {
    long step = step();
    for (long i = 0; i <= millis / step; i++) {
      int x = column(i * step);
      canvas.rule(Palette.GRID, x, top, x, bottom);
    }
  }

  /** Writes the times under a chart. */
  void labels(Canvas canvas, int base) {
    long step = step();
    for (long i = 0; i <= millis / step; i++) { // a sum could pass the end of a long
      long at = i * step;
      int x = column(at);
      boolean last = x + Canvas.width(label(at, step)) / 2 > right;
      canvas.text(
          last ? right : x,
          base,
          last ? Anchor.END : Anchor.MIDDLE,
          Words.of(Palette.FAINT, label(at, step)));
    }
  }

  private static String label(long at, long step) {
    if (at == 0) {
      return "0";
    }
    if (step >= DAY) {
      return at / DAY + " d";
    }
    if (step >= HOUR) {
      return at / HOUR + " h";
    }
    if (step >= MINUTE) {
      return at / MINUTE + " min";
    }
    return step >= SECOND && at >= 10 * MINUTE
        ? "%d:%02d min".formatted(at / MINUTE, at % MINUTE / SECOND)
        : decimal(at) + " s";
  }

  private static String decimal(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1000.0).replaceFirst("\\.?0+$", "");
  }

  /** Returns a period for people, with two units at most: {@code 1 h 52 min}. */
  static String period(long millis) {
    if (millis < SECOND) {
      return millis == 0 ? "0 s" : millis + " ms";
    }
    if (millis < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (millis < HOUR) {
      return pair(millis / MINUTE, "min", millis % MINUTE / SECOND, "s");
    }
    return millis < DAY
        ? pair(millis / HOUR, "h", millis % HOUR / MINUTE, "min")
        : pair(millis / DAY, "d", millis % DAY / HOUR, "h");
  }

  private static String pair(long whole, String unit, long rest, String smaller) {
    return whole + " " + unit + (rest == 0 ? "" : " " + rest + " " + smaller);
  }
}
