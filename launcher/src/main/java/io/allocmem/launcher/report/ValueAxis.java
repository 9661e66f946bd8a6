package io.allocmem.launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Axis from the bottom up, in bytes from zero.
 *
 * @param top value at the upper end
 * @param step bytes between labels
 * @param height pixels
 */
record ValueAxis(double top, double step, int height) {
  private static final int MOST_LABELS = 5;
  private static final double MIB = 1 << 20;
  private static final String[] UNITS = {"MiB", "GiB", "TiB", "PiB", "EiB"};

  /** Makes an axis with room for the value: round labels in the value's unit. */
  static ValueAxis upTo(long most, int height) {
    double highest = Math.max((double) most, MIB) * 1.06;
    double unit = unit(highest);
    double least = highest / unit / MOST_LABELS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double factor = least / power;
    double round = factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 2.5 ? 2.5 : factor <= 5 ? 5 : 10;
    return new ValueAxis(highest, round * power * unit, height);
  }

  private static double unit(double bytes) {
    double unit = MIB;
    for (int i = 1; i < UNITS.length && bytes >= 1024 * unit; i++) {
      unit *= 1024;
    }
    return unit;
  }

  /** Returns the pixels above the bottom for a value; {@link Steps#GAP} for none. */
  int height(Long bytes) {
    return bytes == null ? Steps.GAP : (int) Math.round(bytes / top * height);
  }

  /** Returns the values with a label. */
  List<Double> labels() {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i * step <= top; i++) {
      values.add(i * step);
    }
    return values;
  }

  /** Returns the label of a value, with the unit of the axis. */
  String label(double value) {
    double unit = unit(top);
    int index = (int) Math.round(Math.log(unit / MIB) / Math.log(1024));
    String number = String.format(Locale.ROOT, "%.3f", value / unit).replaceFirst("\\.?0+$", "");
    return value == 0 ? "0" : number + " " + UNITS[index];
  }
}
