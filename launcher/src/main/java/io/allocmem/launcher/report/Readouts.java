package io.allocmem.launcher.report;

import io.allocmem.control.Reading.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that the cursor of the page shows, at a bounded number of times: the last value in each
 * part of the record.
 */
final class Readouts {
  private static final int MOST_TIMES = 480;
  private static final double MIB = 1 << 20;
  private static final double MICROS_OF_MILLI = 1000;
  private static final double THOUSANDTHS_OF_PERCENT = 10;

  private final int[] chosen;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Map<String, Object>> rows = new ArrayList<>();

  Readouts(Recording recording) {
    int samples = recording.samples().size();
    int times = Math.min(samples, MOST_TIMES);
    chosen = new int[times];
    for (int i = 0; i < times; i++) {
      chosen[i] = (int) ((i + 1L) * samples / times) - 1;
      seconds.add(recording.millis(recording.samples().get(chosen[i])) / 1000.0);
    }
  }

  /** Adds values of that unit, one for each sample; returns the number of the readout. */
  int figures(Unit unit, List<Long> values) {
    return switch (unit) {
      case MICROS -> add("ms", shown(values, MICROS_OF_MILLI));
      case THOUSANDTHS -> add("%", shown(values, THOUSANDTHS_OF_PERCENT));
      default -> add("MiB", shown(values, MIB));
    };
  }

  private List<Double> shown(List<Long> values, double one) {
    List<Double> shown = new ArrayList<>();
    for (int sample : chosen) {
      Long value = values.get(sample);
      shown.add(value == null ? null : Math.round(value / one * 100) / 100.0);
    }
    return shown;
  }

  /** Adds words, one for each sample; a word that lasts is null. */
  int words(List<String> values) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      String word = values.get(chosen[i]);
      boolean same = i > 0 && word.equals(values.get(chosen[i - 1]));
      shown.add(same ? null : word);
    }
    return add("", shown);
  }

  private int add(String unit, List<?> values) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("unit", unit);
    row.put("values", values);
    rows.add(row);
    return rows.size() - 1;
  }

  /** Returns the data for the page's script. */
  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("seconds", seconds);
    data.put("readouts", rows);
    return data;
  }
}
