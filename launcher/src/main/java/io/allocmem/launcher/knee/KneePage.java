package io.allocmem.launcher.knee;

import io.allocmem.control.Reading;
import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.report.CurvePage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Page of a search: the table of the steps, and the curves over the live heap. */
public final class KneePage {
  private final KneeResult result;

  /** Steps with a measured live heap, the emptiest heap first. */
  private final List<StepResult> measured;

  private KneePage(KneeResult result) {
    this.result = result;
    this.measured =
        result.byShare().stream()
            .filter(step -> step.figures().liveShare() >= 0)
            .sorted(Comparator.comparingLong(step -> step.figures().liveShare()))
            .toList();
  }

  /** Returns the whole page. */
  public static String of(KneeResult result) {
    return new KneePage(result).page().toString();
  }

  private CurvePage page() {
    KneeOptions options = result.options();
    boolean good = result.knee() != null && result.verdict().code() == ExitCode.DONE;
    CurvePage page =
        new CurvePage(
            "knee of JVM %d for %s".formatted(options.pid(), options.promise()),
            "measured until " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + period(options),
            result.verdict().sentence() == null ? result.sentence() : result.verdict().sentence(),
            good,
            column(step -> step.figures().liveShare()));
    page.addChart(title(options), Unit.MICROS, latencies(), limits(options.promise()));
    page.addChart("Cost of pressure, over the live heap", Unit.THOUSANDTHS, costs(), Map.of());
    page.setTable(result.titles(), result.byShare().stream().map(result::cells).toList());
    return page;
  }

  private static String period(KneeOptions options) {
    String load = options.asksService() ? ", %s requests".formatted(options.rate()) : "";
    return ", %d s each step%s".formatted(options.measure().toSeconds(), load);
  }

  private static String title(KneeOptions options) {
    return options.asksService()
        ? "Time of answers, over the live heap"
        : "Stalls inside the JVM, over the live heap";
  }

  private Map<String, List<Long>> latencies() {
    Map<String, List<Long>> curves = new LinkedHashMap<>();
    for (Percentile each : Percentile.values()) {
      curves.put(each.toString(), column(step -> each.in(step.promised())));
    }
    return curves;
  }

  private static Map<String, Long> limits(Promise promise) {
    Map<String, Long> limits = new LinkedHashMap<>();
    promise.limits().forEach(limit -> limits.put("promise " + limit.text(), limit.micros()));
    return limits;
  }

  private Map<String, List<Long>> costs() {
    Map<String, List<Long>> curves = new LinkedHashMap<>();
    curves.put("GC of the CPU time", column(step -> step.figures().gc()));
    curves.put("pauses of the time", column(step -> step.figures().pauses()));
    return curves;
  }

  private List<Long> column(ToLongFunction<StepResult> figure) {
    List<Long> column = new ArrayList<>();
    for (StepResult step : measured) {
      long value = figure.applyAsLong(step);
      column.add(value == Reading.UNKNOWN ? null : value);
    }
    return column;
  }
}
