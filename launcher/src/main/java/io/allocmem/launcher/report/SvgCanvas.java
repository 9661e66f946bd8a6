package io.allocmem.launcher.report;

import java.util.Locale;
import java.util.stream.Collectors;

/** Canvas that writes SVG as text: no runtime module draws. Colours are classes of CSS. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();
  private int groups;

  /** Returns the elements of all that was drawn. */
  String elements() {
    return svg + "</g>".repeat(groups);
  }

  /**
   * Returns text that ends no element and no attribute. A character that XML does not allow becomes
   * a question mark.
   */
  static String escape(String text) {
    return text.codePoints().mapToObj(SvgCanvas::escape).collect(Collectors.joining());
  }

  private static String escape(int c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      default -> isXml(c) ? Character.toString(c) : "?";
    };
  }

  private static boolean isXml(int c) {
    boolean halfOrNone = c >= 0xd800 && c <= 0xdfff || c == 0xfffe || c == 0xffff;
    return c == '\t' || c == '\n' || c >= ' ' && !halfOrNone;
  }

  @Override
  public void shift(int x, int y) {
    svg.append("<g transform=\"translate(%d %d)\">\n".formatted(x, y));
    groups++;
  }

  @Override
  public void box(Palette colour, int x, int y, int width, int height) {
    svg.append(
        "<rect class=\"f-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
            .formatted(colour.css(), x, y, width, height));
  }

  @Override
  public void rule(Palette colour, int x1, int y1, int x2, int y2) {
    svg.append(
        "<path class=\"rule s-%s\" d=\"M%d %d%s%d\"/>\n"
            .formatted(colour.css(), x1, y1, y1 == y2 ? "H" : "V", y1 == y2 ? x2 : y2));
  }

  @Override
  public void steps(Palette colour, int width, boolean dashed, Steps steps) {
    svg.append(
        "<path class=\"line w%d %ss-%s\" d=\""
            .formatted(width, dashed ? "dashed " : "", colour.css()));
    for (int[] run : steps.runs()) {
      svg.append('M').append(run[0]).append(' ').append(run[1]);
      for (int i = 2; i < run.length; i += 2) {
        if (run[i] != run[i - 2]) {
          svg.append('H').append(run[i]);
        }
        if (run[i + 1] != run[i - 1]) {
          svg.append('V').append(run[i + 1]);
        }
      }
    }
    svg.append("\"/>\n");
  }

  /** Draws straight lines from point to point, with a dot at each point; the row may be a gap. */
  void curve(Palette colour, int[] columns, int[] rows) {
    String css = colour.css();
    StringBuilder path = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < columns.length; i++) {
      if (rows[i] != Steps.GAP) {
        path.append(begins ? "M" : "L").append(columns[i]).append(' ').append(rows[i]);
        svg.append(
            "<circle class=\"f-%s\" cx=\"%d\" cy=\"%d\" r=\"3\"/>\n"
                .formatted(css, columns[i], rows[i]));
      }
      begins = begins && rows[i] == Steps.GAP;
    }
    svg.append("<path class=\"curve w2 s-%s\" d=\"%s\"/>\n".formatted(css, path));
  }

  @Override
  public void text(int x, int y, Anchor anchor, Words... words) {
    String at =
        anchor == Anchor.START
            ? ""
            : " class=\"%s\"".formatted(anchor.name().toLowerCase(Locale.ROOT));
    svg.append("<text x=\"%d\" y=\"%d\"%s>".formatted(x, y, at));
    for (Words part : words) {
      String classes = part.bold() ? " bold" : part.isOverLines() ? " s-paper halo" : "";
      svg.append("<tspan class=\"f-%s%s\"".formatted(part.colour().css(), classes));
      svg.append(part.readout() < 0 ? ">" : " data-readout=\"%d\">".formatted(part.readout()));
      svg.append(escape(part.text())).append("</tspan>");
    }
    svg.append("</text>\n");
  }
}
