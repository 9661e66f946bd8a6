package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;
import java.util.List;
import java.util.stream.Stream;

/** Lines of limits and targets: level where nothing changes them. */
final class Limits {
  private Limits() {}

  /** Returns the target of a plan in whole blocks, while the plan exists. */
  static Line target(Recording recording, String plan) {
    return Line.limit(
        "target", recording.samples().stream().map(sample -> target(sample.plan(plan))).toList());
  }

  private static Long target(PlanSample plan) {
    return plan == null || plan.most() == Reading.UNKNOWN ? null : plan.most();
  }

  /** Returns the limits of heap and container, and the levels of plans that follow usage. */
  static Stream<Line> ofProcess(Recording recording) {
    Stream<Line> limits =
        Stream.of(
            Line.limit("heap max", recording.column(Reading.HEAP_MAX)),
            Line.limit("container limit", recording.column(Reading.CONTAINER_CAPACITY)));
    Stream<Line> levels =
        recording.plans().stream()
            .limit(Headline.MOST_PLANS)
            .filter(plan -> !recording.last(plan).isByEffect())
            .map(plan -> level(recording, plan));
    return Stream.concat(limits, levels);
  }

  private static Line level(Recording recording, String plan) {
    List<Long> values =
        recording.samples().stream().map(sample -> level(sample, sample.plan(plan))).toList();
    return Line.limit("until " + recording.last(plan).until(), values);
  }

  /** Returns the bytes of {@code until} in heap or container; null where the record has neither. */
  private static Long level(JvmSample sample, PlanSample plan) {
    if (plan == null || plan.until() == null || plan.area() == null) {
      return null;
    }
    try {
      Reading capacity =
          AreaKind.parse(plan.area()).isOnHeap() ? Reading.HEAP_MAX : Reading.CONTAINER_CAPACITY;
      Long bytes = sample.get(capacity);
      return bytes == null ? null : Long.valueOf(Amount.parse(plan.until()).bytesOf(bytes));
    } catch (IllegalArgumentException unknown) {
      return null; // the words of another version
    }
  }
}
