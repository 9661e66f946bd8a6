package io.allocmem.launcher.report;

import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.ArrayList;
import java.util.List;

/** Headline of a picture without a page: title, verdicts, and the figures of RSS and costs. */
final class Heading implements Panel {
  private static final int ROW = 18;

  private final List<Words[]> rows = new ArrayList<>();

  Heading(Headline headline) {
    rows.add(new Words[] {Words.bold(headline.title())});
    rows.add(new Words[] {Words.of(Palette.FAINT, headline.period())});
    for (PlanVerdict verdict : headline.verdicts()) {
      String text = "  plan " + Headline.cut(verdict.plan()) + ": " + verdict.reason();
      rows.add(
          new Words[] {
            Words.bold(verdict.outcome().toString()), Words.of(Palette.TEXT, Canvas.cut(text, 860))
          });
    }
    headline.tiles().stream().limit(1).forEach(this::add);
    headline.costs().forEach(this::add);
  }

  private void add(Headline.Tile tile) {
    StringBuilder text = new StringBuilder();
    for (Headline.Figure figure : tile.figures()) {
      text.append(text.length() == 0 ? "  " : " → ");
      text.append(figure.value()).append(' ').append(figure.caption());
    }
    rows.add(new Words[] {Words.bold(tile.subject()), Words.of(Palette.TEXT, text.toString())});
  }

  @Override
  public int height(int width) {
    return rows.size() * ROW;
  }

  @Override
  public void draw(Canvas canvas, int width, int top) {
    int base = top + Canvas.LETTERS;
    for (Words[] row : rows) {
      canvas.text(0, base, Anchor.START, row);
      base += ROW;
    }
  }
}
