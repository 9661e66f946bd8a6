package io.allocmem.launcher.report;

import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names and figures of lines, in as many rows as the width needs. */
final class Legend {
  private static final int ROW = 17;
  private static final int SWATCH = 18;
  private static final int INDENT = 24;
  private static final int BETWEEN = 20;

  /** A line with its figures. */
  private record Entry(Line line, Words name, Words[] figures) {
    int nameWidth() {
      return INDENT + Canvas.width(name.text()) + 8;
    }

    int width() {
      int width = nameWidth();
      for (Words words : figures) {
        width += Canvas.width(words.text());
      }
      return width;
    }

    Words[] words() {
      Words gap = Words.of(Palette.FAINT, "\u2002");
      return Stream.concat(Stream.of(name, gap), Stream.of(figures)).toArray(Words[]::new);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  void add(Line line, Words... figures) {
    entries.add(new Entry(line, Words.of(Palette.TEXT, line.name()), figures));
  }

  int height(int width) {
    return ROW * flow(null, width, 0);
  }

  void draw(Canvas canvas, int width, int top) {
    flow(canvas, width, top);
  }

  /** Places the entries, draws them if there is a canvas, and returns the number of rows. */
  private int flow(Canvas canvas, int width, int top) {
    int x = 0;
    int row = 0;
    for (Entry entry : entries) {
      if (x > 0 && x + entry.width() > width) {
        x = 0;
        row++;
      }
      boolean tight = entry.width() > width;
      if (canvas != null) {
        draw(canvas, entry, x, top + row * ROW + Canvas.LETTERS, tight);
      }
      row += tight ? 1 : 0;
      x += entry.width() + BETWEEN;
    }
    return entries.isEmpty() ? 0 : row + 1;
  }

  private static void draw(Canvas canvas, Entry entry, int x, int base, boolean tight) {
    Line line = entry.line;
    canvas.steps(line.colour(), line.width(), line.dashed(), Steps.level(x, x + SWATCH, base - 4));
    if (tight) {
      canvas.text(x + INDENT, base, Anchor.START, entry.name);
      canvas.text(x + INDENT, base + ROW, Anchor.START, entry.figures);
    } else {
      canvas.text(x + INDENT, base, Anchor.START, entry.words());
    }
  }
}
