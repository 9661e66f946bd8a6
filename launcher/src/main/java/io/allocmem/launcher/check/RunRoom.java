package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Room of the container, or of the machine, for a new JVM with a plan. If the room is too small,
 * the kernel ends or throttles the JVM while the plan allocates.
 *
 * @param here container of this launcher, and of the new JVM
 * @param own resident memory of this launcher; {@link Reading#UNKNOWN} if unknown
 */
public record RunRoom(Container here, long own) {
  /** Growth of this launcher while it follows the plan. */
  private static final long GROWTH = 24L << 20;

  private static final long MIB = 1L << 20;

  /** Measures the container of this process. */
  public static RunRoom measured() {
    long rss =
        LinuxProcess.isSupported()
            ? LinuxProcess.self().rss().orElse(Reading.UNKNOWN)
            : Reading.UNKNOWN;
    return new RunRoom(Container.of(ProcessHandle.current().pid()), rss);
  }

  /**
   * Returns the objection to a plan, as a sentence; null if the plan fits, stays below the limit by
   * itself, or the room is not known.
   */
  public String objection(HoldPlan plan, RunSizes sizes) {
    long free = here.free();
    if (free == Reading.UNKNOWN || sizes.heap() <= 0 || staysBelow(plan)) {
      return null;
    }
    long peak = sizes.peak(here.capacity()) + GROWTH;
    if (peak > free && !here.isOnlyThrottled()) {
      return sentence(plan, sizes, peak);
    }
    long below = here.freeBelowHigh();
    return below == Reading.UNKNOWN || peak <= below ? null : throttled(plan, sizes, peak);
  }

  private String throttled(HoldPlan plan, RunSizes sizes, long peak) {
    return "the plan takes up to %s (%s), and the kernel throttles the container above %s (memory.high), %s from here: the JVM may stand still; raise memory.high to %s, give %s or a smaller amount, or confirm with --yes"
        .formatted(
            Sizes.of(peak),
            parts(sizes),
            Sizes.of(here.high()),
            Sizes.of(here.freeBelowHigh()),
            enoughFor(peak),
            plan.wording().option("keep-free", "10%"));
  }

  private String sentence(HoldPlan plan, RunSizes sizes, long peak) {
    String now =
        "capacity %s, used %s, RSS of allocmem %s"
            .formatted(Sizes.of(here.capacity()), Sizes.of(here.used()), Sizes.of(own));
    return (here.isLimited()
            ? "the plan takes up to %s (%s), and the container has %s free (%s): the kernel would end the JVM (OOM kill); raise the limit to %s, give %s or a smaller amount, or confirm with --yes"
            : "the plan takes up to %s (%s), and the machine has %s free (%s): the kernel would end a process (OOM kill); end other processes, for %s in all, give %s or a smaller amount, or confirm with --yes")
        .formatted(
            Sizes.of(peak),
            parts(sizes),
            Sizes.of(here.free()),
            now,
            enoughFor(peak),
            plan.wording().option("keep-free", "10%"));
  }

  private String parts(RunSizes sizes) {
    return "blocks %s, JVM %s, allocmem %s more; heap of %s"
        .formatted(
            Sizes.of(sizes.peakOfBlocks(here.capacity())),
            Sizes.of(sizes.beside(here.capacity())),
            Sizes.of(GROWTH),
            Sizes.of(sizes.heap()));
  }

  private ByteSize enoughFor(long peak) {
    return ByteSize.ofBytes((here.used() + peak + MIB) / MIB * MIB);
  }

  /** A plan with headroom, and a level of the container itself, stop before the limit. */
  private static boolean staysBelow(HoldPlan plan) {
    boolean own = plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT;
    return !plan.keepFree().isNone() || plan.until() != null && !own;
  }

  /** Returns names and values for scripts. */
  public Map<String, Object> fields(RunSizes sizes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("peakRss", sizes.heap() > 0 ? sizes.peak(here.capacity()) : null);
    fields.put("containerLimited", here.isLimited());
    fields.put("containerCapacity", known(here.capacity()));
    fields.put("containerUsed", known(here.used()));
    fields.put("launcherRss", known(own));
    return fields;
  }

  private static Long known(long bytes) {
    return bytes < 0 ? null : bytes;
  }
}
