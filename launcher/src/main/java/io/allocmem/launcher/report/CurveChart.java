package io.allocmem.launcher.report;

import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.List;

/** Chart of curves over a share: title, legend, plot, and the shares in percent. */
final class CurveChart {
  private static final int PLOT = 200;
  private static final int TITLE = 20;
  private static final int GAP = 10;
  private static final int ABOVE = 8;
  private static final int LABELS = 24;
  private static final int LEFT = 60;
  private static final int RIGHT = 22;
  private static final int WHOLE = 1000;

  /** Pixels below which labels stand at each fifth of the axis. */
  private static final int NARROW = 500;

  private final String title;
  private final Unit unit;
  private final List<Long> shares;
  private final List<Line> curves;
  private final List<Line> limits;
  private final ValueAxis axis;
  private final Legend legend = new Legend();

  /**
   * @param shares places of the values on the axis, in thousandths; null for an unknown place
   * @param limits each with one value
   */
  CurveChart(String title, Unit unit, List<Long> shares, List<Line> curves, List<Line> limits) {
    this.title = title;
    this.unit = unit;
    this.shares = shares;
    this.curves = curves.stream().filter(Line::isKnown).toList();
    this.limits = limits;
    long most = this.curves.stream().mapToLong(Line::most).max().orElse(0);
    long highest = limits.stream().mapToLong(Line::most).reduce(most, Math::max);
    this.axis = ValueAxis.upTo(unit, highest, PLOT);
    this.curves.forEach(
        line ->
            legend.add(
                line, Words.of(Palette.FAINT, "highest " + Quantities.of(unit, line.most()))));
  }

  int height(int width) {
    return TITLE + legend.height(width) + GAP + PLOT + LABELS;
  }

  void draw(SvgCanvas canvas, int width, int top) {
    canvas.text(0, top + Canvas.LETTERS, Anchor.START, Words.bold(title));
    legend.draw(canvas, width, top + TITLE);
    int bottom = top + TITLE + legend.height(width) + GAP + PLOT;
    drawGrid(canvas, width, bottom);
    int[] columns = shares.stream().mapToInt(share -> column(share, width)).toArray();
    for (Line curve : curves) {
      canvas.curve(curve.colour(), columns, rows(curve, bottom));
    }
    for (Line limit : limits) {
      int row = bottom - axis.height(limit.most());
      canvas.steps(Palette.LIMIT, 1, true, Steps.level(LEFT, width - RIGHT, row));
      Words name = Words.of(Palette.LIMIT, limit.name());
      canvas.text(width - RIGHT, row - ABOVE, Anchor.END, name);
    }
  }

  private void drawGrid(SvgCanvas canvas, int width, int bottom) {
    for (double value : axis.labels()) {
      int row = bottom - axis.height((long) value);
      canvas.rule(Palette.GRID, LEFT, row, width - RIGHT, row);
      canvas.text(LEFT - 6, row + 4, Anchor.END, Words.of(Palette.FAINT, axis.label(value)));
    }
    int step = width < NARROW ? WHOLE / 5 : WHOLE / 10;
    for (long share = 0; share <= WHOLE; share += step) {
      int x = column(share, width);
      canvas.rule(Palette.GRID, x, bottom - PLOT, x, bottom);
      Words label = Words.of(Palette.FAINT, share / 10 + " %");
      canvas.text(x, bottom + Canvas.LETTERS + 4, Anchor.MIDDLE, label);
    }
  }

  private int[] rows(Line curve, int bottom) {
    int[] rows = new int[shares.size()];
    for (int i = 0; i < rows.length; i++) {
      int height = axis.height(curve.values().get(i));
      rows[i] = shares.get(i) == null || height == Steps.GAP ? Steps.GAP : bottom - height;
    }
    return rows;
  }

  private static int column(Long share, int width) {
    long known = share == null ? 0 : Math.min(WHOLE, share);
    return LEFT + (int) (known * (width - LEFT - RIGHT) / WHOLE);
  }
}
