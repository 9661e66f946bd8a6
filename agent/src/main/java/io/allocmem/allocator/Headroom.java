package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.AsciiLine;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ContainerReadings;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.ProcessReadings;

/**
 * Headroom that a plan keeps free, in its area and in the container: {@code keep-free} and {@code
 * reserve}. One thread. Allocates nothing.
 */
final class Headroom {
  /**
   * Slack beyond the headroom, as a share of the capacity: usage that can arise between two
   * measurements.
   */
  private static final int SLACK_SHARE = 128;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final HeapReadings heap;
  private final ContainerReadings container;
  private final Usage usage;
  private final boolean heapKind;
  private final boolean classKind;
  private final String nothing = String.valueOf("");
  private final String theContainer = String.valueOf("the container");
  private final String theMachine = String.valueOf("the machine");
  private final String areaName;

  Headroom(HoldPlan plan, MemoryArea area, ProcessReadings process, Usage usage) {
    this.plan = plan;
    this.area = area;
    this.heap = process.heap();
    this.container = process.container();
    this.usage = usage;
    this.heapKind = plan.area().isOnHeap();
    this.classKind = plan.area() == AreaKind.METASPACE;
    this.areaName = heapKind ? AreaKind.HEAP.toHuman() : plan.area().toHuman();
  }

  /**
   * Returns true if enough headroom is free. Measuring reads files.
   *
   * @param slacks hysteresis: full slack before an allocation, half for held blocks
   */
  boolean isFree(long used, long more, double slacks) {
    boolean inArea =
        plan.keepFree().isNone()
            || !heapKind && !usage.hasOwnLimit() && !classKind
            || isEnough(usage.capacity(), usage.capacity() - used - more, slacks);
    long others = reserve() + (more > 0 ? moved() : 0);
    return inArea && isEnough(container.capacity(), usage.containerRoom() - more - others, slacks);
  }

  /** Returns the bytes of the container for others below an invisible limit. */
  private long reserve() {
    return plan.reserve().isNone() ? 0 : plan.reserve().bytesOf(container.capacity());
  }

  /** Returns the bytes of objects that the next collection may move to pages not resident yet. */
  private long moved() {
    return heapKind ? heap.young() : 0;
  }

  private boolean isEnough(long capacity, long room, double slacks) {
    return room >= wanted(capacity, slacks);
  }

  private double wanted(long capacity, double slacks) {
    return plan.keepFree().bytesOf(capacity) + slacks * capacity / SLACK_SHARE;
  }

  /**
   * Appends the reason for a wait, for people.
   *
   * @param effect bytes that the usage rises with the next block
   */
  void explain(AsciiLine line, long effect) {
    line.append("keep-free: ");
    if (classKind) {
      line.append((long) (100 * area.nearestShare())).append(" % of ");
      line.append(area.nearestLimit()).append(" used; ");
    } else if (heapKind || usage.hasOwnLimit()) {
      explainRoom(line, usage.capacity(), usage.capacity() - usage.atMost(), effect);
      line.append(areaName).append("; ");
    }
    explainRoom(line, container.capacity(), usage.containerRoom(), effect + moved() + reserve());
    line.append(container.isLimited() ? theContainer : theMachine);
    String problem = container.problem();
    if (problem != null) {
      explainProblem(line, problem);
    }
  }

  /** Appends the free bytes, and the bytes that must be free before the next block. */
  private void explainRoom(AsciiLine line, long capacity, long room, long more) {
    line.appendSize(Math.max(0, room)).append(" free, ");
    line.appendSize((long) wanted(capacity, 1.0) + more).append(" wanted, of the ");
    line.appendSize(capacity).append(" of ");
  }

  private static void explainProblem(AsciiLine line, String problem) {
    line.append(", whose limit cannot be read: ").append(problem);
  }

  /** Appends all messages once: a literal becomes an object at its first use. */
  void warmUp(AsciiLine line) {
    explain(line, 0);
    explainProblem(line, nothing);
  }
}
