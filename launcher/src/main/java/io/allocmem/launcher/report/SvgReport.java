package io.allocmem.launcher.report;

import java.nio.charset.StandardCharsets;

/** A record as an SVG file, and the same charts as an element of the page. */
public final class SvgReport {
  private static final String STYLE =
      """
      text{font:12px system-ui,sans-serif}.bold{font-weight:bold}
      .end{text-anchor:end}.middle{text-anchor:middle}
      .curve{fill:none}.rule,.line{fill:none;shape-rendering:crispEdges}.dashed{stroke-dasharray:6 4}
      .halo{paint-order:stroke;stroke-width:4;stroke-linejoin:round}
      .w1{stroke-width:1}.w2{stroke-width:2}.w4{stroke-width:4}
      """;

  private SvgReport() {}

  /** Returns the file. */
  public static byte[] of(Recording recording) {
    String begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    String picture =
        element(Figure.alone(recording), Figure.ALONE, "", "<style>\n" + style() + "</style>\n");
    return (begin + picture).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the charts as an element of a page that has the {@link #style}. */
  static String inPage(Figure figure, int width, String name) {
    TimeAxis times = figure.times(width);
    String attributes =
        " class=\"%s\" data-left=\"%d\" data-right=\"%d\""
            .formatted(name, times.left(), times.right());
    return element(figure, width, attributes, "");
  }

  /** Returns the style that the charts need. */
  static String style() {
    return STYLE + Palette.classes();
  }

  private static String element(Figure figure, int width, String attributes, String style) {
    SvgCanvas canvas = new SvgCanvas();
    figure.draw(canvas, width);
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d"\
         role="img" aria-label="memory over time"%s>
        %s%s</svg>
        """
        .formatted(width, figure.height(width), attributes, style, canvas.elements());
  }
}
