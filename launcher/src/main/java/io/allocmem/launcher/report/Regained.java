package io.allocmem.launcher.report;

import io.allocmem.launcher.control.Sample;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One meter before, while most was held, and after: what a release shows, from a record. Null where
 * the record does not have it.
 */
record Regained(String meter, Long before, Long held, Long after) {

  /** The meters that the record has. */
  static List<Regained> of(Recording recording) {
    Sample held = held(recording);
    Sample before = recording.first().committed() == 0 ? recording.first() : null;
    Sample after = recording.last().committed() == 0 ? recording.last() : null;
    Meters meters = new Meters(before, held, after);
    Regained rss = meters.read("RSS", Sample::rss);
    // the agent looked before its first block, even where the record began later
    Long rssBefore =
        recording.plans().stream()
            .map(plan -> recording.last(plan).rssBefore())
            .filter(Objects::nonNull)
            .min(Long::compare)
            .orElse(rss.before);
    return List.of(
            new Regained(rss.meter, rssBefore, rss.held, rss.after),
            meters.read("heap used", Sample::heapUsed),
            meters.read("heap live", Sample::heapLive),
            meters.read("container", Sample::containerUsed))
        .stream()
        .filter(meter -> meter.held != null || meter.after != null)
        .toList();
  }

  /** The last one at which most was held. */
  private static Sample held(Recording recording) {
    return recording.samples().stream()
        .reduce((one, later) -> later.committed() >= one.committed() ? later : one)
        .orElseThrow();
  }

  /** The three looks; null for none. */
  private record Meters(Sample before, Sample held, Sample after) {
    Regained read(String name, Function<Sample, Long> meter) {
      return new Regained(name, at(before, meter), at(held, meter), at(after, meter));
    }

    private static Long at(Sample sample, Function<Sample, Long> meter) {
      return sample == null ? null : meter.apply(sample);
    }
  }
}
