package io.allocmem.launcher.watch;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AreaKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * Meter of the live view: figures on the left, and a chart on a scale of its own on the right.
 *
 * @param values lines of figures, most important first
 * @param limits lines of the limits, shown above the values if rows remain
 */
record Meter(List<String> values, List<String> limits, Chart chart) {
  /** Width of the figures. */
  static final int FIGURES = 23;

  /** Label and figure. */
  static final String LINE = "%-12s%10s ";

  /** Returns the meter of a plan: committed bytes as a shade, touched bytes in front. */
  static Meter of(PlanSample plan, List<JvmSample> columns, boolean ascii) {
    long[] touched = series(columns, plan.name(), Reading.TOUCHED);
    long[] committed = series(columns, plan.name(), Reading.COMMITTED);
    long limit = plan.until() == null ? plan.most() : Reading.UNKNOWN;
    return new Meter(
        List.of(
            line("committed", plan.orUnknown(Reading.COMMITTED)),
            line("touched", plan.orUnknown(Reading.TOUCHED)),
            line("resident", plan.orUnknown(Reading.RESIDENT))),
        limit > 0 ? List.of(line("limit", limit)) : List.of(),
        new Chart(touched, committed, Math.max(limit, max(committed)), limit, -1, ascii));
  }

  private static long[] series(List<JvmSample> columns, String plan, Reading reading) {
    return columns.stream()
        .map(sample -> sample.plan(plan))
        .mapToLong(found -> found == null ? Reading.UNKNOWN : found.orUnknown(reading))
        .toArray();
  }

  /** Returns the meters of the JVM and its container. */
  static List<Meter> of(JvmSample now, List<JvmSample> columns, boolean ascii) {
    List<Meter> meters = new ArrayList<>();
    long container = now.orUnknown(Reading.CONTAINER_CAPACITY);
    meters.add(of("heap used", Reading.HEAP_USED, now, columns, ascii));
    meters.add(of("RSS", Reading.RSS, now, columns, ascii));
    if (container > 0) {
      meters.add(of("container", Reading.CONTAINER_USED, now, columns, ascii));
    }
    return meters;
  }

  private static Meter of(
      String label, Reading reading, JvmSample now, List<JvmSample> columns, boolean ascii) {
    ToLongFunction<JvmSample> of = sample -> sample.orUnknown(reading);
    long[] values = columns.stream().mapToLong(of).toArray();
    boolean heap = reading == Reading.HEAP_USED;
    long limit = now.orUnknown(heap ? Reading.HEAP_MAX : Reading.CONTAINER_CAPACITY);
    long target = reading == Reading.RSS ? Reading.UNKNOWN : target(now, heap);
    List<String> figures = new ArrayList<>(List.of(line(label, of.applyAsLong(now))));
    if (heap && now.get(Reading.HEAP_LIVE) != null) {
      figures.add(line("heap live", now.get(Reading.HEAP_LIVE)));
    }
    List<String> limits = new ArrayList<>();
    if (target > 0) {
      limits.add(line("target", target));
    }
    if (limit > 0) {
      limits.add(line(heap ? "heap max" : "limit", limit));
    }
    long top = limit > 0 ? Math.max(limit, target) : max(values);
    return new Meter(figures, limits, new Chart(values, new long[0], top, limit, target, ascii));
  }

  /** Returns the level that a plan keeps on the heap, or in the container; unknown for none. */
  private static long target(JvmSample now, boolean heap) {
    return now.plans().stream()
        .filter(plan -> plan.until() != null && !plan.isOver() && !plan.isByEffect())
        .filter(plan -> AreaKind.parse(plan.area()).isOnHeap() == heap)
        .mapToLong(plan -> Progress.of(now, plan).goal())
        .max()
        .orElse(Reading.UNKNOWN);
  }

  private static long max(long[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  static String line(String label, long bytes) {
    return LINE.formatted(label, Sizes.of(bytes));
  }

  /** Returns that many lines. */
  List<AttributedString> draw(int rows) {
    int above = Math.max(0, Math.min(limits.size(), rows - 1));
    int below = Math.min(values.size(), rows - above);
    List<AttributedString> drawn = chart.draw(rows);
    List<AttributedString> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int value = row - (rows - below);
      String figure = row < above ? limits.get(row) : value >= 0 ? values.get(value) : "";
      lines.add(
          new AttributedStringBuilder()
              .append(("%-" + FIGURES + "s").formatted(figure))
              .append(drawn.get(row))
              .toAttributedString());
    }
    return lines;
  }
}
