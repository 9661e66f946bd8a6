package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All charts of a record under each other, with one time axis: a chart for each plan, a chart of
 * the process, a lane of collections, and charts of what pressure costs.
 */
final class Figure {
  /** Width of a picture without a page. */
  static final int ALONE = 1000;

  private static final int BETWEEN = 18;
  private static final int MARGIN = 24;

  private final Recording recording;
  private final List<Panel> panels = new ArrayList<>();
  private final int margin;
  private final Readouts readouts;

  private Figure(Recording recording, Headline headline, boolean alone) {
    this.recording = recording;
    this.margin = alone ? MARGIN : 0;
    this.readouts = new Readouts(recording);
    if (alone) {
      panels.add(new Heading(headline));
    }
    List<String> plans = recording.plans();
    plans.stream().limit(Headline.MOST_PLANS).forEach(plan -> panels.add(chart(recording, plan)));
    List<Words> title = List.of(Words.bold("Process"));
    panels.add(new Chart(recording, Unit.BYTES, title, process(recording), null, readouts));
    if (headline.collections().count() != null) {
      panels.add(new CollectionLane(recording, headline.collections()));
    }
    panels.addAll(EffectCharts.of(recording, readouts));
  }

  /** Returns the figure of a page, which has the headline itself. */
  static Figure inPage(Recording recording, Headline headline) {
    return new Figure(recording, headline, false);
  }

  /** Returns a picture that needs no page. */
  static Figure alone(Recording recording) {
    return new Figure(recording, Headline.of(recording), true);
  }

  private Chart chart(Recording recording, String plan) {
    List<String> phases =
        recording.samples().stream()
            .map(sample -> sample.plan(plan))
            .map(now -> now == null ? PhaseLane.NONE : now.phase())
            .toList();
    String last = recording.last(plan).phase();
    List<Words> title =
        List.of(
            Words.bold("Plan " + Headline.cut(plan) + "\u2002"),
            new Words(Palette.FAINT, false, Headline.cut(last), readouts.words(phases)));
    List<Line> lines =
        List.of(
            Line.of("committed", Palette.COMMITTED, recording.column(plan, Reading.COMMITTED))
                .wide(),
            Line.of("touched", Palette.TOUCHED, recording.column(plan, Reading.TOUCHED)),
            Line.of("resident", Palette.RESIDENT, recording.column(plan, Reading.RESIDENT))
                .withDashes(),
            Limits.target(recording, plan));
    PhaseLane lane = new PhaseLane(recording, phases);
    return new Chart(recording, Unit.BYTES, title, lines, lane, readouts);
  }

  private static List<Line> process(Recording recording) {
    Stream<Line> lines =
        Stream.of(
            Line.of("RSS", Palette.RSS, recording.column(Reading.RSS)),
            Line.of("heap used", Palette.USED, recording.column(Reading.HEAP_USED)),
            Line.of("heap live", Palette.LIVE, recording.column(Reading.HEAP_LIVE)),
            Line.of("container used", Palette.CONTAINER, recording.column(Reading.CONTAINER_USED)));
    return Stream.concat(lines, Limits.ofProcess(recording)).toList();
  }

  /** Returns the time axis in a picture of that width. */
  TimeAxis times(int width) {
    return TimeAxis.across(recording, width - 2 * margin);
  }

  int height(int width) {
    int inner = width - 2 * margin;
    return panels.stream().mapToInt(panel -> panel.height(inner) + BETWEEN).sum()
        - BETWEEN
        + 2 * margin;
  }

  void draw(Canvas canvas, int width) {
    canvas.box(Palette.PAPER, 0, 0, width, height(width));
    canvas.shift(margin, margin);
    int top = 0;
    for (Panel panel : panels) {
      panel.draw(canvas, width - 2 * margin, top);
      top += panel.height(width - 2 * margin) + BETWEEN;
    }
  }

  /** Returns the values for the cursor of the page. */
  Readouts readouts() {
    return readouts;
  }
}
