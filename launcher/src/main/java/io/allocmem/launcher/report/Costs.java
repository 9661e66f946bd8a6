package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.report.Headline.Figure;
import io.allocmem.launcher.report.Headline.Tile;
import java.util.ArrayList;
import java.util.List;

/**
 * Cost of pressure before, while and after memory was held. Shares are growths of counters, so no
 * time between two samples is missing. Stalls are those of the worst second. A part of the record
 * shorter than a second has no figure.
 */
final class Costs {
  private static final List<String> PARTS = List.of("before", "held", "after");
  private static final int BEFORE = 0;
  private static final int HELD = 1;
  private static final int AFTER = 2;
  private static final int BETWEEN = 3;
  private static final long SECOND_MILLIS = 1000;
  private static final long WHOLE = 1000;

  /** Memory counts as held from this share of the maximum on. */
  private static final double NEARLY_ALL = 0.9;

  /** Memory counts as not held up to this share of the maximum: a small plan may stay. */
  private static final double NEARLY_NONE = 0.1;

  private final List<JvmSample> samples;
  private final int[] parts;

  private Costs(Recording recording) {
    this.samples = recording.samples();
    this.parts = new int[samples.size()];
    long most = samples.stream().mapToLong(JvmSample::committed).max().orElse(0);
    int last = samples.size() - 1;
    while (last >= 0 && samples.get(last).committed() <= most * NEARLY_NONE) {
      last--;
    }
    boolean begun = false;
    for (int i = 0; i < parts.length; i++) {
      long committed = samples.get(i).committed();
      begun |= committed > most * NEARLY_NONE;
      boolean held = begun && committed >= most * NEARLY_ALL;
      parts[i] = held ? HELD : !begun ? BEFORE : i > last ? AFTER : BETWEEN;
    }
  }

  /** Returns a tile for each figure that is known while memory was held. */
  static List<Tile> of(Recording recording) {
    Costs costs = new Costs(recording);
    List<Tile> tiles = new ArrayList<>();
    add(tiles, "GC of the CPU time", costs.collections());
    add(tiles, "waiting for memory (PSI)", costs.pressure());
    add(tiles, "stalls: 99 % within, worst second", costs.stalls(Reading.STALL_P99));
    add(tiles, "longest stall", costs.stalls(Reading.STALL_MAX));
    return tiles;
  }

  private static void add(List<Tile> tiles, String subject, List<String> values) {
    if (!values.get(HELD).equals("-")) {
      List<Figure> figures = new ArrayList<>();
      for (String part : PARTS) {
        figures.add(new Figure(values.get(figures.size()), part));
      }
      tiles.add(new Tile(subject, figures, ""));
    }
  }

  private List<String> collections() {
    return shares(
        growth(Reading.GC_CPU_MILLIS), growth(Reading.CPU_MILLIS), millis(Reading.CPU_MILLIS));
  }

  private List<String> pressure() {
    long[] time = millis(Reading.PRESSURE_MILLIS);
    return shares(growth(Reading.PRESSURE_MILLIS), time, time);
  }

  /** Returns the part of a growth in another growth, for parts with enough time. */
  private static List<String> shares(long[] growth, long[] all, long[] time) {
    List<String> shares = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      boolean known = all[part] > 0 && time[part] >= SECOND_MILLIS;
      long share = known ? Math.min(WHOLE, growth[part] * WHOLE / all[part]) : Reading.UNKNOWN;
      shares.add(Quantities.of(Reading.Unit.THOUSANDTHS, share));
    }
    return shares;
  }

  /** Returns by how much a counter grew in each part. */
  private long[] growth(Reading counter) {
    long[] sums = new long[PARTS.size() + 1];
    for (int i = 1; i < parts.length; i++) {
      if (isWithin(i, counter)) {
        sums[parts[i]] +=
            Math.max(0, samples.get(i).get(counter) - samples.get(i - 1).get(counter));
      }
    }
    return sums;
  }

  /** Returns the milliseconds of each part in which the counter is known. */
  private long[] millis(Reading counter) {
    long[] sums = new long[PARTS.size() + 1];
    for (int i = 1; i < parts.length; i++) {
      if (isWithin(i, counter)) {
        sums[parts[i]] += samples.get(i).time() - samples.get(i - 1).time();
      }
    }
    return sums;
  }

  private boolean isWithin(int sample, Reading counter) {
    return parts[sample] == parts[sample - 1]
        && samples.get(sample).get(counter) != null
        && samples.get(sample - 1).get(counter) != null;
  }

  /** Returns the maximum in each part, without the second that began in another part. */
  private List<String> stalls(Reading reading) {
    long[] most = {Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN};
    long began = 0;
    for (int i = 0; i < parts.length; i++) {
      JvmSample now = samples.get(i);
      began = i == 0 || parts[i] != parts[i - 1] ? now.time() : began;
      if (now.get(reading) != null && now.time() - began >= SECOND_MILLIS) {
        most[parts[i]] = Math.max(most[parts[i]], now.get(reading));
      }
    }
    List<String> stalls = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      stalls.add(Quantities.of(reading.unit(), most[part]));
    }
    return stalls;
  }
}
