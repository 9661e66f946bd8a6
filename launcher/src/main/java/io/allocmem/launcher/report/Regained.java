package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import java.util.List;
import java.util.Objects;

/**
 * One meter before, during and after the maximum held, from a record: shows the effect of a
 * release. Null for values outside the record.
 */
record Regained(String meter, Long before, Long held, Long after) {

  /** Returns the meters contained in the record. */
  static List<Regained> of(Recording recording) {
    JvmSample held = held(recording);
    JvmSample before = recording.first().committed() == 0 ? recording.first() : null;
    JvmSample after = recording.last().committed() == 0 ? recording.last() : null;
    Meters meters = new Meters(before, held, after);
    Regained rss = meters.read("RSS", Reading.RSS);
    // the agent measured RSS before its first block, even if the record began later
    Long rssBefore =
        recording.plans().stream()
            .map(plan -> recording.last(plan).get(Reading.RSS_BEFORE))
            .filter(Objects::nonNull)
            .min(Long::compare)
            .orElse(rss.before);
    return List.of(
            new Regained(rss.meter, rssBefore, rss.held, rss.after),
            meters.read("heap used", Reading.HEAP_USED),
            meters.read("heap live", Reading.HEAP_LIVE),
            meters.read("container", Reading.CONTAINER_USED))
        .stream()
        .filter(meter -> meter.held != null || meter.after != null)
        .toList();
  }

  /** Returns the last sample with the maximum of committed bytes. */
  private static JvmSample held(Recording recording) {
    return recording.samples().stream()
        .reduce((one, later) -> later.committed() >= one.committed() ? later : one)
        .orElseThrow();
  }

  /** The three samples; null for none. */
  private record Meters(JvmSample before, JvmSample held, JvmSample after) {
    Regained read(String name, Reading reading) {
      return new Regained(name, at(before, reading), at(held, reading), at(after, reading));
    }

    private static Long at(JvmSample sample, Reading reading) {
      return sample == null ? null : sample.get(reading);
    }
  }
}
