package io.allocmem.launcher.watch;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.process.Quantities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * Lanes of what pressure costs, one row each: part of collections in the CPU time, stalls, and the
 * time that threads waited for memory (PSI), of the last second. An unknown figure has no lane.
 */
final class EffectLanes {
  /** Whole of a share. */
  private static final long WHOLE = 1000;

  private final List<JvmSample> columns;
  private final boolean ascii;
  private final List<AttributedString> lanes = new ArrayList<>();

  private EffectLanes(List<JvmSample> columns, boolean ascii) {
    this.columns = columns;
    this.ascii = ascii;
  }

  /** Returns at most {@code most} lanes. */
  static List<AttributedString> draw(List<JvmSample> columns, int most, boolean ascii) {
    EffectLanes effect = new EffectLanes(columns, ascii);
    long longest = Arrays.stream(effect.values(Reading.STALL_MAX)).max().orElse(0);
    effect.add("GC of CPU", Reading.GC_OF_PROCESS_1S, WHOLE);
    effect.add("stall p99", Reading.STALL_P99, longest);
    effect.add("stall max", Reading.STALL_MAX, longest);
    effect.add("PSI", Reading.PRESSURE_1S, WHOLE);
    return effect.lanes.subList(0, Math.max(0, Math.min(most, effect.lanes.size())));
  }

  private void add(String label, Reading reading, long top) {
    long[] values = values(reading);
    if (Arrays.stream(values).anyMatch(value -> value != Reading.UNKNOWN)) {
      String figure = Quantities.of(reading.unit(), values[values.length - 1]);
      lanes.add(
          new AttributedStringBuilder()
              .append(Meter.LINE.formatted(label, figure))
              .append(new Chart(values, new long[0], top, -1, -1, ascii).draw(1).get(0))
              .toAttributedString());
    }
  }

  private long[] values(Reading reading) {
    return columns.stream().mapToLong(sample -> sample.orUnknown(reading)).toArray();
  }
}
