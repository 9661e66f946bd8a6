package io.allocmem.launcher.report;

import io.allocmem.control.Reading.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Axis from the bottom up, from zero.
 *
 * @param scale units of the labels
 * @param top value at the upper end
 * @param step value between labels
 * @param height pixels
 */
record ValueAxis(Scale scale, double top, double step, int height) {
  private static final int MOST_LABELS = 5;

  private static final Scale BYTES = new Scale(1 << 20, 1024, "MiB", "GiB", "TiB", "PiB", "EiB");
  private static final Scale MICROS = new Scale(1000, 1000, "ms", "s");
  private static final Scale THOUSANDTHS = new Scale(10, 1000, "%");

  /** Units of labels: the value of the first unit, and the factor from each unit to the next. */
  record Scale(double first, int factor, String... names) {
    private double unit(double value) {
      double unit = first;
      for (int i = 1; i < names.length && value >= factor * unit; i++) {
        unit *= factor;
      }
      return unit;
    }

    private String name(double unit) {
      return names[(int) Math.round(Math.log(unit / first) / Math.log(factor))];
    }
  }

  /** Makes an axis with room for the value: round labels in the value's unit. */
  static ValueAxis upTo(Unit unit, long most, int height) {
    Scale scale = scale(unit);
    double highest = Math.max((double) most, scale.first) * 1.06;
    double one = scale.unit(highest);
    double least = highest / one / MOST_LABELS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double factor = least / power;
    double round = factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 2.5 ? 2.5 : factor <= 5 ? 5 : 10;
    return new ValueAxis(scale, highest, round * power * one, height);
  }

  private static Scale scale(Unit unit) {
    return switch (unit) {
      case MICROS -> MICROS;
      case THOUSANDTHS -> THOUSANDTHS;
      default -> BYTES;
    };
  }

  /** Returns the pixels above the bottom for a value; {@link Steps#GAP} for none. */
  int height(Long value) {
    return value == null ? Steps.GAP : (int) Math.round(value / top * height);
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
    double unit = scale.unit(top);
    String number = String.format(Locale.ROOT, "%.3f", value / unit).replaceFirst("\\.?0+$", "");
    return value == 0 ? "0" : number + " " + scale.name(unit);
  }
}
