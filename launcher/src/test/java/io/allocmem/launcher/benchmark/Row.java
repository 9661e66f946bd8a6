package io.allocmem.launcher.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * Row of the table of benchmarks: measured values of all rounds, and the goal.
 *
 * @param what the figure and the machine's part of it, such as the JDK
 * @param unit unit of the values; empty for a ratio
 * @param atLeast true if a greater value is better
 */
record Row(String what, String unit, List<Double> values, double goal, boolean atLeast) {
  static final String HEAD =
      "| figure | goal | median | minimum | maximum | rounds | |\n|---|---|---|---|---|---|---|\n";

  Row {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values of " + what);
    }
    values = values.stream().sorted().toList();
  }

  /** Returns a row whose values shall be the goal, or less. */
  static Row atMost(double goal, String unit, String what, List<Double> values) {
    return new Row(what, unit, values, goal, false);
  }

  /** Returns a row of ratios that shall be the goal, or more. */
  static Row atLeast(double goal, String what, List<Double> values) {
    return new Row(what, "", values, goal, true);
  }

  /** Returns the median; of an even number of values, the mean of the two in the middle. */
  double median() {
    int half = values.size() / 2;
    boolean odd = values.size() % 2 == 1;
    return odd ? values.get(half) : (values.get(half - 1) + values.get(half)) / 2;
  }

  boolean isReached() {
    return atLeast ? median() >= goal : median() <= goal;
  }

  /** Returns true if the median misses the goal by a factor of two: the one failure of a row. */
  boolean isGrossFailure() {
    return atLeast ? median() < goal / 2 : median() > goal * 2;
  }

  /** Returns the line of the table in Markdown. */
  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %s %s%s | %s | %s | %s | %d | %s |",
        what,
        atLeast ? "≥" : "≤",
        number(goal),
        unit,
        number(median()),
        number(values.get(0)),
        number(values.get(values.size() - 1)),
        values.size(),
        isReached() ? "reached" : "");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
