package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Charts of what pressure costs the process. A record without these readings has no chart. */
final class EffectCharts {
  private final Recording recording;
  private final Readouts readouts;
  private final List<Panel> charts = new ArrayList<>();

  private EffectCharts(Recording recording, Readouts readouts) {
    this.recording = recording;
    this.readouts = readouts;
  }

  static List<Panel> of(Recording recording, Readouts readouts) {
    EffectCharts effect = new EffectCharts(recording, readouts);
    effect.add("Cost of pressure", Unit.THOUSANDTHS, effect.shares());
    effect.add("Stalls", Unit.MICROS, effect.stalls());
    return effect.charts;
  }

  private void add(String name, Unit unit, List<Line> lines) {
    if (lines.stream().anyMatch(line -> !line.limit() && line.isKnown())) {
      List<Words> title =
          List.of(Words.bold(name + "\u2002"), Words.of(Palette.FAINT, "of the last second"));
      charts.add(new Chart(recording, unit, title, lines, null, readouts));
    }
  }

  private List<Line> shares() {
    Stream<Line> costs =
        Stream.of(
            line("GC of the CPU time", Palette.USED, Reading.GC_OF_PROCESS_1S),
            line("waiting for memory (PSI)", Palette.CONTAINER, Reading.PRESSURE_1S));
    Stream<Line> targets =
        recording.plans().stream()
            .limit(Headline.MOST_PLANS)
            .filter(plan -> recording.last(plan).isByEffect())
            .map(this::target);
    return Stream.concat(costs, targets).toList();
  }

  private Line target(String plan) {
    return Line.limit(
        "until " + recording.last(plan).until(),
        recording.samples().stream().map(sample -> target(sample.plan(plan))).toList());
  }

  private static Long target(PlanSample plan) {
    return plan == null || plan.isOver() ? null : plan.get(Reading.EFFECT_TARGET);
  }

  private List<Line> stalls() {
    return List.of(
        line("longest", Palette.RSS, Reading.STALL_MAX),
        line("99 %", Palette.TOUCHED, Reading.STALL_P99),
        line("median", Palette.RESIDENT, Reading.STALL_P50));
  }

  private Line line(String name, Palette colour, Reading reading) {
    return Line.of(name, colour, recording.column(reading));
  }
}
