package io.allocmem.launcher.control;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Release of plans of one JVM: compares before, held and after, for all plans together. Memory that
 * did not come back is a problem; free heap that the JVM keeps is a note.
 */
public final class Release {
  /** Tolerance: a JVM and its application change at least this much by themselves meanwhile. */
  private static final long NOISE = 16L << 20;

  private static final List<Reading> BEFORE =
      List.of(Reading.RSS_BEFORE, Reading.HEAP_LIVE_BEFORE, Reading.CONTAINER_USED_BEFORE);

  private final long pid;
  private final Readings held;
  private final boolean collect;
  private final Readings before = new Readings();
  private final Set<AreaKind> areas = EnumSet.noneOf(AreaKind.class);
  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Readings after = new Readings();

  /** True if the JVM cannot show all of the release. */
  private boolean unjudged;

  /** True once the plan that asks for the collection has answered. */
  private boolean collected;

  /** Bytes of the plans on the heap. */
  private long onHeap;

  /** Resident bytes of the plans outside the heap, where counted. */
  private long outside;

  /** Bytes of all plans that RSS showed, as far as known. */
  private long shown;

  /**
   * @param held readings of the JVM before the first release
   * @param collect true if the last plan asks for a collection
   */
  public Release(long pid, Readings held, boolean collect) {
    this.pid = pid;
    this.held = held;
    this.collect = collect;
  }

  /**
   * Adds a released plan.
   *
   * @param last status before the release
   * @param over status after the release
   * @param collects true for the plan that was asked for the collection, if any
   */
  public void add(String name, Status last, Status over, boolean collects) {
    add(name, Versions.planOf(last), last.readings(), over.readings(), collects);
  }

  /**
   * @param plan null if the words of the plan belong to an unknown version
   */
  void add(String name, HoldPlan plan, Readings last, Readings over, boolean collects) {
    collected |= collect && collects;
    after = over;
    for (Reading reading : BEFORE) {
      long least = before.get(reading);
      long value = last.get(reading);
      if (value != Reading.UNKNOWN && (least == Reading.UNKNOWN || value < least)) {
        before.set(reading, value);
      }
    }
    if (last.get(Reading.AT_START_UP) == 1) {
      notes.add("RSS before plan %s is of a JVM whose application had not started".formatted(name));
    }
    if (plan == null) {
      unjudged = true;
      notes.add("not checked: the options of plan %s are of another version".formatted(name));
    } else {
      add(plan.area(), last);
    }
  }

  private void add(AreaKind area, Readings last) {
    areas.add(area);
    long resident = Math.max(0, last.get(Reading.RESIDENT));
    onHeap += area.isOnHeap() ? last.get(Reading.COMMITTED) : 0;
    outside += Recovery.isLeftToTheCollector(area) ? 0 : resident;
    shown += last.get(Reading.RESIDENT) < 0 ? last.get(Reading.TOUCHED) : resident;
  }

  /** Waits until RSS rests, if a collection was requested, and judges. */
  public void finish(Kept kept) {
    LinuxProcess process = new LinuxProcess(pid);
    LongSupplier now = () -> process.rss().orElse(Reading.UNKNOWN);
    RssRest rest = new RssRest(now, System::nanoTime, PlanControl::pause);
    long rss = collected ? rest.await() : now.getAsLong();
    Container container = Container.of(pid);
    if (container.isLimited() && container.used() >= 0) { // the figure of the agent is older
      after.set(Reading.CONTAINER_USED, container.used());
    }
    judge(rss, kept);
  }

  void judge(long rss, Kept kept) {
    if (rss != Reading.UNKNOWN) {
      after.set(Reading.RSS, rss);
    }
    areas.forEach(area -> addNonNull(kept.blocksOf(area), problems));
    judgeHeap();
    judgeOutside();
    noteFreeHeap(kept);
    noteContainer();
  }

  private void judgeHeap() {
    boolean left = areas.stream().anyMatch(Recovery::isLeftToTheCollector);
    boolean unseen = after.get(Reading.HEAP_LIVE) == Reading.UNKNOWN;
    if (!left || !problems.isEmpty()) {
      return;
    }
    unjudged |= !collected || after.get(Reading.COLLECTIONS) == Reading.UNKNOWN;
    if (!collected) {
      notes.add("the JVM shows the release after the next collection; --gc asks for a collection");
    } else if (after.get(Reading.COLLECTIONS) == Reading.UNKNOWN) {
      notes.add("not checked: this JVM reports no collections");
    } else if (unseen) {
      problems.add(
          "the JVM did not collect when asked: was it started with -XX:+DisableExplicitGC?");
    } else if (onHeap > 0) {
      boolean known = held.get(Reading.HEAP_LIVE) != Reading.UNKNOWN;
      long was = held.get(known ? Reading.HEAP_LIVE : Reading.HEAP_USED);
      addNonNull(missing("heap live", was, onHeap, after.get(Reading.HEAP_LIVE)), problems);
    }
  }

  /**
   * Judges memory outside the heap by RSS before the collection, as a collection can raise RSS by
   * itself.
   */
  private void judgeOutside() {
    long released = after.get(Reading.RSS_RELEASED);
    long rested = after.get(Reading.RSS);
    long least = released == Reading.UNKNOWN ? rested : Math.min(released, rested);
    if (outside > 0) {
      addNonNull(missing("RSS", held.get(Reading.RSS), outside, least), problems);
      if (collected && rested - least > NOISE) {
        notes.add("the collection itself raised RSS by " + Sizes.of(rested - least));
      }
    }
  }

  private void noteFreeHeap(Kept kept) {
    long expected = held.get(Reading.RSS) - shown;
    long rss = after.get(Reading.RSS);
    if (collected && onHeap > 0 && problems.isEmpty() && rss > expected + tolerance(onHeap)) {
      notes.add("RSS stays at %s: %s".formatted(Sizes.of(rss), kept.freeHeap()));
    }
  }

  private void noteContainer() {
    boolean returned = after.get(Reading.RSS) <= held.get(Reading.RSS) - shown + tolerance(shown);
    long was = held.get(Reading.CONTAINER_USED);
    long now = after.get(Reading.CONTAINER_USED);
    if (returned && was != Reading.UNKNOWN && now > was - shown + tolerance(shown)) {
      notes.add(
          "usage of the container stays at %s: the kernel keeps page cache until memory is short"
              .formatted(Sizes.of(now)));
    }
  }

  private static String missing(String meter, long was, long ofPlans, long now) {
    long expected = was - ofPlans;
    return now <= expected + tolerance(ofPlans)
        ? null
        : "memory did not come back in full: %s is %s, expected %s; the application may hold more now"
            .formatted(meter, Sizes.of(now), Sizes.of(Math.max(0, expected)));
  }

  private static long tolerance(long bytes) {
    return Math.max(NOISE, bytes / 10);
  }

  private static void addNonNull(String sentence, List<String> to) {
    if (sentence != null) {
      to.add(sentence);
    }
  }

  /** Returns the pid of the JVM. */
  public long pid() {
    return pid;
  }

  /** Returns the readings before, held and after. */
  public Recovery recovery() {
    return Recovery.of(before, held, after);
  }

  /** Returns true if all memory came back; null if the JVM cannot show that yet. */
  public Boolean complete() {
    return !problems.isEmpty() ? Boolean.FALSE : unjudged ? null : Boolean.TRUE;
  }

  /** Returns sentences about memory that did not come back, with the reasons. */
  public List<String> problems() {
    return problems;
  }

  /** Returns sentences about what the figures do not show. */
  public List<String> notes() {
    return notes;
  }
}
