package io.allocmem.launcher.report;

import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * Chart of lines over time: title, legend with maximum and last value, plot, times. Lines at the
 * same pixels are one line with both names. A limit far above all other lines is named and not
 * drawn.
 */
final class Chart implements Panel {
  private static final int PLOT = 170;
  private static final int TITLE = 20;
  private static final int GAP = 10;

  /** Distance of a name from the line of its limit: the rim of the letters covers no wide line. */
  private static final int ABOVE = 8;

  /** A limit beyond this multiple of all other lines would press them to the ground. */
  private static final int FAR = 3;

  private final Recording recording;
  private final Unit unit;
  private final List<Words> title;
  private final PhaseLane phases;
  private final ValueAxis axis;
  private final List<Line> lines;
  private final Legend legend;

  /**
   * @param unit unit of all lines
   * @param phases lane under the plot; null for none
   */
  Chart(
      Recording recording,
      Unit unit,
      List<Words> title,
      List<Line> measured,
      PhaseLane phases,
      Readouts readouts) {
    this.recording = recording;
    this.unit = unit;
    this.title = title;
    this.phases = phases;
    List<Line> known = measured.stream().filter(Line::isKnown).toList();
    long highest = highest(known, false);
    long visible = highest(known.stream().filter(line -> !isFar(line, highest)).toList(), true);
    this.axis = ValueAxis.upTo(unit, visible, PLOT);
    List<Line> distinct = distinct(known);
    this.lines = distinct.stream().filter(line -> !isFar(line, highest)).toList();
    this.legend = new Legend();
    for (Line line : distinct) {
      legend.add(line, figures(line, isFar(line, highest), readouts));
    }
  }

  private static long highest(List<Line> lines, boolean withLimits) {
    return lines.stream()
        .filter(line -> withLimits || !line.limit())
        .mapToLong(Line::most)
        .max()
        .orElse(0);
  }

  private static boolean isFar(Line line, long highest) {
    return line.limit() && highest > 0 && line.most() / FAR > highest;
  }

  private Words[] figures(Line line, boolean far, Readouts readouts) {
    if (line.limit()) {
      String figure = Quantities.of(unit, line.last()) + (far ? ", above the chart" : "");
      return new Words[] {Words.of(Palette.FAINT, figure)};
    }
    return new Words[] {
      Words.of(Palette.FAINT, "max " + Quantities.of(unit, line.most()) + " · "),
      new Words(
          Palette.FAINT,
          false,
          "last " + Quantities.of(unit, line.last()),
          readouts.figures(unit, line.values()))
    };
  }

  /** Joins lines that differ by at most one pixel at all times. */
  private List<Line> distinct(List<Line> known) {
    List<Line> distinct = new ArrayList<>();
    for (Line line : known) {
      int same = 0;
      while (same < distinct.size() && !coincide(distinct.get(same), line)) {
        same++;
      }
      if (same == distinct.size()) {
        distinct.add(line);
      } else {
        Line first = distinct.get(same);
        String sign = first.values().equals(line.values()) ? " = " : " ≈ ";
        distinct.set(same, first.named(first.name() + sign + line.name()));
      }
    }
    return distinct;
  }

  private boolean coincide(Line one, Line other) {
    if (one.limit() != other.limit()) {
      return false;
    }
    for (int i = 0; i < one.values().size(); i++) {
      int a = axis.height(one.values().get(i));
      int b = axis.height(other.values().get(i));
      if ((a == Steps.GAP) != (b == Steps.GAP) || Math.abs(a - b) > 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int height(int width) {
    return TITLE
        + legend.height(width)
        + GAP
        + PLOT
        + (phases == null ? 0 : PhaseLane.HEIGHT)
        + TimeAxis.HEIGHT;
  }

  @Override
  public void draw(Canvas canvas, int width, int top) {
    canvas.text(0, top + Canvas.LETTERS, Anchor.START, title.toArray(new Words[0]));
    legend.draw(canvas, width, top + TITLE);
    TimeAxis times = TimeAxis.across(recording, width);
    int bottom = top + TITLE + legend.height(width) + GAP + PLOT;
    drawGrid(canvas, times, bottom);
    int[] columns = times.columns(recording);
    lines.stream().filter(Line::limit).forEach(line -> draw(canvas, line, columns, bottom));
    lines.stream()
        .filter(line -> !line.limit())
        .forEach(line -> draw(canvas, line, columns, bottom));
    lines.stream()
        .filter(Line::limit)
        .forEach(line -> writeName(canvas, line, times.right(), bottom));
    if (phases != null) {
      phases.draw(canvas, times, bottom + 1);
    }
    int below = bottom + (phases == null ? 0 : PhaseLane.HEIGHT);
    times.labels(canvas, below + Canvas.LETTERS + 4);
  }

  private void drawGrid(Canvas canvas, TimeAxis times, int bottom) {
    times.grid(canvas, bottom - PLOT, bottom);
    for (double value : axis.labels()) {
      int y = bottom - axis.height((long) value);
      canvas.rule(Palette.GRID, times.left(), y, times.right() + Steps.TAIL, y);
      canvas.text(times.left() - 6, y + 4, Anchor.END, Words.of(Palette.FAINT, axis.label(value)));
    }
  }

  private void draw(Canvas canvas, Line line, int[] columns, int bottom) {
    int[] rows =
        line.values().stream()
            .mapToInt(axis::height)
            .map(height -> height == Steps.GAP ? Steps.GAP : bottom - height)
            .toArray();
    canvas.steps(line.colour(), line.width(), line.dashed(), Steps.of(columns, rows));
  }

  /** Writes the name of a limit at its right end, over all lines. */
  private void writeName(Canvas canvas, Line line, int right, int bottom) {
    canvas.text(
        right,
        bottom - axis.height(Long.valueOf(line.last())) - ABOVE,
        Anchor.END,
        Words.of(Palette.LIMIT, line.name()));
  }
}
