package io.allocmem.arguments;

import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Course of a plan in a JVM, in sentences for people: the bytes behind a percentage, the bytes that
 * a target utilisation takes now, the pace, the end, and the action at the limit.
 */
public final class Outlook {
  private final HoldPlan plan;

  /** Plan with a limit and a delay in figures; the plan as requested if the capacity is unknown. */
  private final HoldPlan exact;

  private final Preflight preflight;
  private final List<String> sentences = new ArrayList<>();

  private Outlook(HoldPlan plan, Preflight preflight) {
    this.plan = plan;
    this.exact = preflight.capacity < 0 ? plan : plan.within(preflight.capacity);
    this.preflight = preflight;
  }

  /**
   * Returns the sentences in the order of events.
   *
   * @param plan plan as requested, before a percentage became bytes
   */
  public static List<String> of(HoldPlan plan, Preflight preflight) {
    Outlook outlook = new Outlook(plan, preflight);
    outlook.addAmounts();
    outlook.addPace();
    outlook.addEnd();
    return outlook.sentences;
  }

  private void addAmounts() {
    if (plan.effectTarget() != null) {
      sentences.add(effect());
    } else if (plan.until() != null) {
      sentences.add(until());
    } else if (plan.limit().isShare() && preflight.capacity >= 0) {
      sentences.add(share(plan.limit().toHuman(), exact.limit().bytes()));
    }
    if (!plan.keepFree().isNone()) {
      sentences.add("stays free: " + amount(plan.keepFree()));
    }
    if (!plan.reserve().isNone()) {
      sentences.add("stays free in the container besides: " + plan.reserve().toHuman());
    }
  }

  private String effect() {
    return "takes and releases blocks until "
        + plan.effectTarget().toHuman()
        + ", and uses at most "
        + amount(plan.until());
  }

  private String until() {
    if (preflight.capacity < 0) {
      return "level " + plan.until().toHuman();
    }
    long level = plan.until().bytesOf(preflight.capacity);
    long most = preflight.usedWithGarbage;
    long least = preflight.used < 0 ? most : Math.min(preflight.used, most);
    String now = "level " + amount(plan.until()) + ", ";
    return most < 0
        ? now + "current usage not known"
        : now
            + range(least, most)
            + (least < most ? " used now (with garbage)" : " used now")
            + ": takes "
            + range(Math.max(0, level - most), Math.max(0, level - least))
            + " now";
  }

  private static String range(long least, long most) {
    return least < most ? size(least) + " to " + size(most) : size(most);
  }

  private String amount(Amount amount) {
    return amount.isShare() && preflight.capacity >= 0
        ? share(amount.toHuman(), amount.bytesOf(preflight.capacity))
        : amount.toHuman();
  }

  private String share(String percent, long bytes) {
    return percent + " of " + owner() + "'s " + size(preflight.capacity) + " = " + size(bytes);
  }

  /** Returns the owner of the capacity that a percentage refers to. */
  private String owner() {
    boolean own = plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT;
    boolean metered = preflight.capacity != preflight.containerCapacity;
    if (own || plan.area() == AreaKind.METASPACE && metered) {
      return plan.area().capacityToHuman();
    }
    return preflight.containerLimited ? "the container" : "this machine";
  }

  private void addPace() {
    if (!plan.threads().isOne()) {
      sentences.add("takes blocks with " + threads() + " threads at once");
    }
    if (plan.breaksFirst()) {
      sentences.add("waits for a resume before the first block");
    }
    if (!plan.waitFirst().isZero()) {
      sentences.add("waits " + time(plan.waitFirst()) + " before the first block");
    }
    if (!exact.delay().isZero()) {
      sentences.add(
          "a block of " + plan.blockSize().toHuman() + " every " + time(exact.delay()) + full());
    } else if (exact.over() != null) {
      sentences.add("full after " + time(exact.over()));
    }
  }

  private String threads() {
    int processors = preflight.processors;
    return processors > 0
        ? String.valueOf(plan.threads().of(processors))
        : plan.threads().toString();
  }

  /** Returns the time from the first block to the last block, if the number of blocks is known. */
  private String full() {
    if (exact.limit().isNone() || exact.limit().isShare()) {
      return "";
    }
    long blocks = exact.limit().blocksOf(plan.blockSize());
    double nanos = (blocks - 1.0) * exact.delay().toNanos();
    return nanos > Long.MAX_VALUE ? "" : ": full after " + time(rounded((long) nanos));
  }

  /** Rounds to whole milliseconds, and to whole seconds above ten seconds. */
  private static Duration rounded(long nanos) {
    long millis = nanos / 1_000_000;
    return millis < 10_000 ? Duration.ofMillis(millis) : Duration.ofSeconds(millis / 1000);
  }

  private void addEnd() {
    String then = then();
    if (then != null) {
      sentences.add(then);
    }
    if (!plan.duration().isZero()) {
      sentences.add("released " + time(plan.duration()) + " after the first block");
    }
    if (!plan.lease().isZero()) {
      sentences.add("released if not renewed within " + time(plan.lease()));
    }
  }

  /** Returns null if the plan only holds its blocks, and another sentence has the end. */
  private String then() {
    String held =
        plan.hold().isZero()
            ? "at the limit: "
            : "at the limit: held " + time(plan.hold()) + ", then ";
    switch (plan.then()) {
      case RELEASE:
        return held + "released";
      case CYCLE:
        return held + "released, and from the start";
      case ROTATE:
        return "at the limit: a new block for the oldest block, every " + time(exact.delay());
      case RAMP_DOWN:
        return held + "released block after block";
      default:
        return plan.duration().isZero() && plan.lease().isZero() ? "held until a release" : null;
    }
  }

  private static String time(Duration duration) {
    return Durations.print(duration);
  }

  private static String size(long bytes) {
    return ByteSize.ofBytes(bytes).toHuman();
  }
}
