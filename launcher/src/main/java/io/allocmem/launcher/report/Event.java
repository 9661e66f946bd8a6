package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import java.util.ArrayList;
import java.util.List;

/**
 * A change between two samples. The plan is null for an event of the JVM; blocks are allocated
 * blocks, negative for released blocks.
 */
record Event(JvmSample sample, PlanSample plan, Kind kind, long blocks, String what) {
  /** Kinds of events. */
  enum Kind {
    BLOCKS,
    COLLECTION,
    PHASE,
    EXHAUSTED
  }

  /** Returns true for a phase or a message, false for blocks and collections. */
  boolean isImportant() {
    return kind == Kind.PHASE || kind == Kind.EXHAUSTED;
  }

  /** Returns all events, in the order of time. */
  static List<Event> of(Recording recording) {
    List<Event> events = new ArrayList<>();
    JvmSample before = null;
    for (JvmSample now : recording.samples()) {
      for (PlanSample plan : now.plans()) {
        PlanSample was = before == null ? null : before.plan(plan.name());
        addBlocks(now, was, plan, before == null, events);
        addPhase(now, was, plan, events);
      }
      if (before != null) {
        addCollections(before, now, events);
        addLost(before, now, events);
      }
      before = now;
    }
    return events;
  }

  /** Skips the first sample: its blocks were allocated before, at an unknown time. */
  private static void addBlocks(
      JvmSample now, PlanSample was, PlanSample plan, boolean first, List<Event> events) {
    long taken = plan.get(Reading.BLOCKS) - (was == null ? 0 : was.get(Reading.BLOCKS));
    if (taken != 0 && !first) {
      long blocks = Math.abs(taken);
      String what =
          (blocks == 1 ? "1 block " : blocks + " blocks ") + (taken > 0 ? "more" : "less");
      events.add(new Event(now, plan, Kind.BLOCKS, taken, what));
    }
  }

  private static void addPhase(JvmSample now, PlanSample was, PlanSample plan, List<Event> events) {
    boolean changed = was == null || !was.phase().equals(plan.phase());
    String message = plan.message() == null ? "" : plan.message();
    boolean said = !message.isEmpty() && (was == null || !message.equals(was.message()));
    if (changed || said) {
      Kind kind = plan.isExhausted() && changed ? Kind.EXHAUSTED : Kind.PHASE;
      events.add(new Event(now, plan, kind, 0, plan.phase() + (said ? ": " + message : "")));
    }
  }

  private static void addCollections(JvmSample before, JvmSample now, List<Event> events) {
    if (before.get(Reading.COLLECTIONS) == null || now.get(Reading.COLLECTIONS) == null) {
      return;
    }
    long count = now.get(Reading.COLLECTIONS) - before.get(Reading.COLLECTIONS);
    if (count > 0) {
      String what = count == 1 ? "1 collection" : count + " collections";
      boolean timed =
          before.get(Reading.PAUSE_MILLIS) != null && now.get(Reading.PAUSE_MILLIS) != null;
      String pause =
          timed
              ? ", "
                  + (now.get(Reading.PAUSE_MILLIS) - before.get(Reading.PAUSE_MILLIS))
                  + " ms paused"
              : "";
      events.add(new Event(now, null, Kind.COLLECTION, 0, what + pause));
    }
  }

  /** Adds plans that disappear without an end in the record. */
  private static void addLost(JvmSample before, JvmSample now, List<Event> events) {
    for (PlanSample plan : before.plans()) {
      if (!plan.isOver() && now.plan(plan.name()) == null) {
        events.add(new Event(now, plan, Kind.PHASE, 0, "no longer seen"));
      }
    }
  }
}
