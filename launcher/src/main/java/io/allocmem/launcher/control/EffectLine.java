package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.process.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What pressure costs the JVM, in at most two lines for people. */
final class EffectLine {
  private final Readings jvm;

  private EffectLine(Readings jvm) {
    this.jvm = jvm;
  }

  /** Returns the lines of what is known: costs of the process, and stalls if a plan measures. */
  static List<String> of(Readings jvm) {
    EffectLine line = new EffectLine(jvm);
    return Stream.of(line.costs(), line.stalls()).filter(words -> !words.isEmpty()).toList();
  }

  /** Returns the costs of the last second, to follow other figures; empty for none. */
  static String brief(Readings jvm) {
    EffectLine line = new EffectLine(jvm);
    List<String> parts = new ArrayList<>();
    line.add(parts, Reading.GC_OF_PROCESS_1S, ", GC %s of CPU");
    line.add(parts, Reading.PRESSURE_1S, ", PSI %s");
    line.add(parts, Reading.STALL_MAX, ", stalls up to %s");
    return String.join("", parts);
  }

  /** Returns the costs of the process. Faults, throttling and swap only if there are. */
  private String costs() {
    List<String> parts = new ArrayList<>();
    if (isKnown(Reading.GC_OF_PROCESS_10S)) {
      parts.add(
          "collections %s of its CPU time in the last 10 s, %s in the last second, %s of the processors"
              .formatted(
                  figure(Reading.GC_OF_PROCESS_10S),
                  figure(Reading.GC_OF_PROCESS_1S),
                  figure(Reading.GC_OF_PROCESSORS_10S)));
    }
    if (isKnown(Reading.PRESSURE_10S)) {
      parts.add("waiting for memory %s of the time".formatted(figure(Reading.PRESSURE_10S)));
    }
    add(parts, Reading.MAJOR_FAULTS, "%s major faults");
    add(parts, Reading.THROTTLED_MILLIS, "throttled for %s");
    add(parts, Reading.SWAP, "%s swapped");
    return String.join("  ", parts);
  }

  private void add(List<String> parts, Reading reading, String words) {
    if (jvm.get(reading) > 0) {
      parts.add(words.formatted(figure(reading)));
    }
  }

  private String stalls() {
    if (!isKnown(Reading.STALL_MAX)) {
      return "";
    }
    return "stalls of the last second: %s; in all: %s"
        .formatted(
            percentiles(
                Reading.STALL_P50, Reading.STALL_P99, Reading.STALL_P999, Reading.STALL_MAX),
            percentiles(
                Reading.STALL_P50_IN_ALL,
                Reading.STALL_P99_IN_ALL,
                Reading.STALL_P999_IN_ALL,
                Reading.STALL_MAX_IN_ALL));
  }

  private String percentiles(Reading p50, Reading p99, Reading p999, Reading max) {
    return "p50 %s, p99 %s, p99.9 %s, max %s"
        .formatted(figure(p50), figure(p99), figure(p999), figure(max));
  }

  private boolean isKnown(Reading reading) {
    return jvm.get(reading) != Reading.UNKNOWN;
  }

  private String figure(Reading reading) {
    return Quantities.of(reading.unit(), jvm.get(reading));
  }
}
