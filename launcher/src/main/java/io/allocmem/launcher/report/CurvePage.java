package io.allocmem.launcher.report;

import io.allocmem.control.Reading.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page with curves over the live heap, and a table. The page stands alone as the page of a record
 * does: its policy forbids every request, every script, and every style but its own. Escapes all
 * text.
 */
public final class CurvePage {
  private static final int WIDE = 944;
  private static final int NARROW = 358;
  private static final int BETWEEN = 18;

  private static final List<Palette> COLOURS =
      List.of(Palette.RESIDENT, Palette.TOUCHED, Palette.CONTAINER, Palette.RSS);

  private final String title;
  private final String headline;
  private final List<Long> shares;
  private final List<CurveChart> charts = new ArrayList<>();
  private String table = "";

  /**
   * @param period line under the title
   * @param verdict sentence of the result
   * @param good false for a result that is not what was expected
   * @param shares share of the live heap for each value of the curves, in thousandths; rising, null
   *     if not known
   */
  public CurvePage(String title, String period, String verdict, boolean good, List<Long> shares) {
    this.title = SvgCanvas.escape(title);
    this.shares = shares;
    this.headline =
        "<h1>%s</h1>%n<p class=\"faint\">%s</p>%n<p class=\"verdict %s\">%s</p>%n"
            .formatted(
                this.title,
                SvgCanvas.escape(period),
                good ? "reached" : "missed",
                SvgCanvas.escape(verdict));
  }

  /**
   * Adds a chart.
   *
   * @param curves values of each curve by its name; null for a value that is not known
   * @param limits values by the names of limits
   */
  public void addChart(
      String name, Unit unit, Map<String, List<Long>> curves, Map<String, Long> limits) {
    List<Line> lines = new ArrayList<>();
    curves.forEach((curve, values) -> lines.add(Line.of(curve, COLOURS.get(lines.size()), values)));
    List<Line> rules = new ArrayList<>();
    limits.forEach((limit, value) -> rules.add(Line.limit(limit, List.of(value))));
    charts.add(new CurveChart(name, unit, shares, lines, rules));
  }

  /** Sets the table. */
  public void setTable(List<String> titles, List<List<String>> rows) {
    table =
        HtmlTables.table(
            "scroll",
            HtmlTables.titles(titles.toArray(new String[0])),
            rows.stream()
                .map(row -> HtmlTables.row(row.get(0), row.subList(1, row.size()).toArray())));
  }

  @Override
  public String toString() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", title);
    parts.put("headline", headline);
    parts.put("wide", picture(WIDE, "wide"));
    parts.put("narrow", picture(NARROW, "narrow"));
    parts.put("table", table);
    String css = HtmlReport.resource("report.css");
    parts.put("style", Palette.variables() + SvgReport.style() + css);
    parts.put("styleHash", HtmlReport.hash(parts.get("style")));
    return HtmlReport.filled(HtmlReport.resource("curve.html"), parts);
  }

  private String picture(int width, String name) {
    SvgCanvas canvas = new SvgCanvas();
    int height = charts.stream().mapToInt(chart -> chart.height(width) + BETWEEN).sum();
    canvas.box(Palette.PAPER, 0, 0, width, height);
    int top = 0;
    for (CurveChart chart : charts) {
      chart.draw(canvas, width, top);
      top += chart.height(width) + BETWEEN;
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d"\
         role="img" aria-label="curves over the live heap" class="%s">
        %s</svg>
        """
        .formatted(width, height, name, canvas.elements());
  }
}
