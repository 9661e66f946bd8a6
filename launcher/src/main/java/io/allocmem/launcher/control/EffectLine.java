package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.process.Sizes;
import java.util.ArrayList;
import java.util.List;

/** What pressure costs the JVM, in one line for people. */
final class EffectLine {
  private static final double PERCENT = 10;

  private EffectLine() {}

  /** Returns the line; empty if nothing is known. Faults, throttling and swap only if there are. */
  static String of(Readings jvm) {
    List<String> parts = new ArrayList<>();
    long last = jvm.get(Reading.GC_OF_PROCESS_10S);
    if (last != Reading.UNKNOWN) {
      parts.add(
          "collections %s of its CPU time in the last 10 s, %s in the last second, %s of the processors"
              .formatted(
                  percent(last),
                  percent(jvm.get(Reading.GC_OF_PROCESS_1S)),
                  percent(jvm.get(Reading.GC_OF_PROCESSORS_10S))));
    }
    long pressure = jvm.get(Reading.PRESSURE_10S);
    if (pressure != Reading.UNKNOWN) {
      parts.add("waiting for memory %s of the time".formatted(percent(pressure)));
    }
    add(parts, jvm.get(Reading.MAJOR_FAULTS), "%d major faults");
    add(parts, jvm.get(Reading.THROTTLED_MILLIS), "throttled for %d ms");
    if (jvm.get(Reading.SWAP) > 0) {
      parts.add(Sizes.of(jvm.get(Reading.SWAP)) + " swapped");
    }
    return String.join("  ", parts);
  }

  private static void add(List<String> parts, long number, String words) {
    if (number > 0) {
      parts.add(words.formatted(number));
    }
  }

  private static String percent(long thousandths) {
    return thousandths < 0 ? "-" : "%.1f %%".formatted(thousandths / PERCENT);
  }
}
