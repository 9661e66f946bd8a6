package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Sizes;

/** Sentences below the table of a status: what a plan reports beside its figures. */
final class PlanNotes {
  private final String name;
  private final Status status;
  private final StringBuilder notes = new StringBuilder();

  private PlanNotes(String name, Status status) {
    this.name = name;
    this.status = status;
  }

  /** Returns the lines of a plan, with line ends; empty for none. */
  static String of(String name, Status status) {
    PlanNotes plan = new PlanNotes(name, status);
    plan.addAll();
    return plan.notes.toString();
  }

  private void addAll() {
    if (!status.message.isEmpty()) {
      add(status.message);
    }
    if (status.get(Reading.AT_START_UP) == 1) {
      add("RSS BEFORE is of a JVM whose application had not started");
    }
    String time = TimeAtTarget.of(status.readings());
    if (time != null) {
      add(time);
    }
    if (status.get(Reading.REGION_WASTE) > 0) {
      add(
          "the heap lost %s more, since a large array takes whole regions"
              .formatted(size(Reading.REGION_WASTE)));
    }
    if (status.get(Reading.HUGE) != Reading.UNKNOWN) {
      add(
          "%s of %s touched are in huge pages"
              .formatted(size(Reading.HUGE), size(Reading.TOUCHED)));
    }
    if (status.get(Reading.LOCKED) != Reading.UNKNOWN) {
      add("the process has locked %s of memory".formatted(size(Reading.LOCKED)));
    }
  }

  private void add(String sentence) {
    notes.append("plan %s: %s%n".formatted(name, sentence));
  }

  private String size(Reading reading) {
    return Sizes.of(status.get(reading));
  }
}
