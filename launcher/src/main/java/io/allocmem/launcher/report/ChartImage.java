package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Chart of plans and RSS in one picture, for a ticket. Needs java.desktop and fonts. This is the
 * only class that draws, so java.desktop is loaded only on request.
 */
public final class ChartImage {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 560;

  /** A line of the chart, drawn as in the HTML page. */
  private record Line(String name, Reading reading, Color colour, BasicStroke stroke) {}

  /** Lines of a plan. Width and dashes keep overlapping lines visible. */
  private static final List<Line> STAIRS =
      List.of(
          new Line("committed", Reading.COMMITTED, new Color(0x2563eb), stroke(5, null)),
          new Line("touched", Reading.TOUCHED, new Color(0xd97706), stroke(3, null)),
          new Line(
              "resident", Reading.RESIDENT, new Color(0x059669), stroke(3, new float[] {6, 6})));

  private static final Color RSS = new Color(0xdc2626);
  private static final Color GRID = new Color(0xe2e8f0);

  private final Recording recording;
  private final XYChart chart;

  private ChartImage(Recording recording) {
    this.recording = recording;
    this.chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .theme(ChartTheme.Matlab)
            .title(title(recording))
            .xAxisTitle("seconds")
            .yAxisTitle("MiB")
            .build();
    style();
    for (String plan : recording.plans()) {
      addStairs(plan);
    }
    XYSeries rss = add("RSS", recording.column(Reading.RSS));
    rss.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line).setLineColor(RSS);
    rss.setLineStyle(stroke(1.5f, null));
  }

  private static BasicStroke stroke(float width, float[] dashes) {
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0);
  }

  /** Measures a letter, and fails if no fonts exist; the kind of failure differs. */
  public static void requireFonts() {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    new TextLayout("M", font, new FontRenderContext(null, true, true)).getBounds();
  }

  /** Returns the picture as a PNG file. Needs fonts; see {@link #requireFonts}. */
  public static byte[] png(Recording recording) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(BitmapEncoder.getBufferedImage(new ChartImage(recording).chart), "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  /** Returns the picture as an SVG file. */
  public static byte[] svg(Recording recording) {
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    try (Writer writer = new OutputStreamWriter(svg, StandardCharsets.UTF_8)) {
      SVGGraphics2D graphics =
          new SVGGraphics2D(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .getDOMImplementation()
                  .createDocument("http://www.w3.org/2000/svg", "svg", null));
      new ChartImage(recording).chart.paint(graphics, WIDTH, HEIGHT);
      graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
      graphics.stream(writer, true);
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    return svg.toByteArray();
  }

  static String title(Recording recording) {
    String service = recording.known(JvmSample::mainClass);
    String jvm = "%s, JVM %d".formatted(service == null ? "-" : service, recording.first().pid());
    List<String> plans = recording.plans();
    return plans.size() == 1 ? jvm + ": " + recording.last(plans.get(0)).toHuman() : jvm;
  }

  private void style() {
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setChartBackgroundColor(Color.WHITE);
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Step)
        .setPlotGridLinesColor(GRID)
        .setPlotGridLinesStroke(new BasicStroke(1))
        .setXAxisMin(0.0)
        .setYAxisMin(0.0)
        .setYAxisDecimalPattern("#,##0")
        .setXAxisDecimalPattern("#,##0.###");
  }

  /**
   * Adds the lines of a plan. Several plans have more lines than the HTML page has colours, so the
   * library chooses colours.
   */
  private void addStairs(String plan) {
    boolean one = recording.plans().size() == 1;
    for (Line line : STAIRS) {
      XYSeries series =
          add(one ? line.name : plan + ": " + line.name, recording.column(plan, line.reading));
      series.setLineStyle(line.stroke);
      if (one) {
        series.setLineColor(line.colour);
      }
    }
  }

  /**
   * Adds a series of measured values, with gaps for missing values. Omits points inside a level
   * line: such points make a picture large and its lines rough.
   */
  private XYSeries add(String name, List<Long> column) {
    List<Double> seconds = new ArrayList<>();
    List<Double> mib = new ArrayList<>();
    for (int i = 0; i < column.size(); i++) {
      if (!isWithinALevel(column, i)) {
        Long bytes = column.get(i);
        seconds.add(recording.millis(recording.samples().get(i)) / 1000.0);
        mib.add(bytes == null ? Double.NaN : bytes / (double) (1 << 20));
      }
    }
    XYSeries series = chart.addSeries(name, seconds, mib);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  private static boolean isWithinALevel(List<Long> column, int i) {
    return i > 0
        && i < column.size() - 1
        && Objects.equals(column.get(i), column.get(i - 1))
        && Objects.equals(column.get(i), column.get(i + 1));
  }
}
