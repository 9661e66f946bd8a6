package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Collections during a record and their cost. An unknown figure is null.
 *
 * @param count collections
 * @param pausedMillis time without the application
 * @param cpuMillis CPU time of the collector's threads
 * @param millis duration of the record
 */
record Collections(Long count, Long pausedMillis, Long cpuMillis, long millis) {
  static Collections of(Recording recording) {
    return new Collections(
        growth(recording.column(Reading.COLLECTIONS)),
        growth(recording.column(Reading.PAUSE_MILLIS)),
        growth(recording.column(Reading.GC_CPU_MILLIS)),
        recording.durationMillis());
  }

  private static Long growth(List<Long> column) {
    List<Long> known = column.stream().filter(Objects::nonNull).toList();
    return known.isEmpty() ? null : Math.max(0, known.get(known.size() - 1) - known.get(0));
  }

  String counted() {
    return count == null ? "-" : String.format(Locale.ROOT, "%,d", count);
  }

  String paused() {
    return pausedMillis == null ? "-" : TimeAxis.period(pausedMillis);
  }

  /** Returns the share of the time that the application was stopped; empty if unknown. */
  String share() {
    return pausedMillis == null || millis == 0 ? "" : percent((double) pausedMillis / millis);
  }

  String cpu() {
    return cpuMillis == null ? "-" : TimeAxis.period(cpuMillis);
  }

  static String percent(double share) {
    double percent = Math.min(1, share) * 100;
    return String.format(Locale.ROOT, percent < 10 ? "%.2f %%" : "%.0f %%", percent);
  }
}
