package io.allocmem.launcher.report;

import java.util.List;
import java.util.stream.Collectors;

/** Headline of the page: title, verdict of each plan, and tiles of figures. Escapes all text. */
final class HtmlHeadline {
  private HtmlHeadline() {}

  static String of(Headline headline, Recording recording) {
    int plans = recording.plans().size();
    String more =
        plans <= Headline.MOST_PLANS
            ? ""
            : "<p>The first %d of %d plans; a .csv has all.</p>%n"
                .formatted(Headline.MOST_PLANS, plans);
    return "<h1>%s</h1>%n<p class=\"faint\">recorded %s</p>%n"
            .formatted(SvgCanvas.escape(headline.title()), SvgCanvas.escape(headline.period()))
        + headline.verdicts().stream()
            .map(verdict -> verdict(verdict, recording))
            .collect(Collectors.joining())
        + more
        + "<div class=\"tiles\">\n"
        + headline.tiles().stream().map(HtmlHeadline::tile).collect(Collectors.joining())
        + "</div>";
  }

  private static String verdict(PlanVerdict verdict, Recording recording) {
    return "<p class=\"verdict %s\"><b>%s</b> <span>plan %s: %s</span><br><span class=\"faint\">%s</span></p>%n"
        .formatted(
            verdict.outcome().css(),
            verdict.outcome(),
            SvgCanvas.escape(Headline.cut(verdict.plan())),
            SvgCanvas.escape(verdict.reason()),
            SvgCanvas.escape(recording.last(verdict.plan()).toHuman()));
  }

  private static String tile(Headline.Tile tile) {
    return "<section class=\"tile\"><h2>%s</h2><dl>%s</dl><p>%s</p></section>%n"
        .formatted(
            SvgCanvas.escape(tile.subject()),
            figures(tile.figures()),
            SvgCanvas.escape(tile.remark()));
  }

  private static String figures(List<Headline.Figure> figures) {
    return figures.stream()
        .map(
            figure ->
                "<div><dd>%s</dd><dt>%s</dt></div>"
                    .formatted(
                        SvgCanvas.escape(figure.value()), SvgCanvas.escape(figure.caption())))
        .collect(Collectors.joining());
  }
}
