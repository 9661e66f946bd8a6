package io.allocmem.launcher.report;

import java.util.List;
import java.util.Objects;

/**
 * A value over time, as a line of a chart.
 *
 * @param values one for each sample; null for none
 * @param limit true for a limit or a target: drawn behind, and no reason to press all else down
 */
record Line(
    String name, Palette colour, int width, boolean dashed, boolean limit, List<Long> values) {
  static Line of(String name, Palette colour, List<Long> values) {
    return new Line(name, colour, 2, false, false, values);
  }

  static Line limit(String name, List<Long> values) {
    return new Line(name, Palette.LIMIT, 1, true, true, values);
  }

  Line wide() {
    return new Line(name, colour, 4, dashed, limit, values);
  }

  Line withDashes() {
    return new Line(name, colour, width, true, limit, values);
  }

  Line named(String other) {
    return new Line(other, colour, width, dashed, limit, values);
  }

  boolean isKnown() {
    return values.stream().anyMatch(Objects::nonNull);
  }

  /** Returns the maximum; 0 for a line without values. */
  long most() {
    return values.stream().filter(Objects::nonNull).mapToLong(Long::longValue).max().orElse(0);
  }

  /** Returns the last known value; 0 for a line without values. */
  long last() {
    return values.stream().filter(Objects::nonNull).reduce((a, b) -> b).orElse(0L);
  }
}
