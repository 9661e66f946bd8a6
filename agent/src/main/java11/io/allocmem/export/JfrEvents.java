package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.HoldPlan;
import java.io.Closeable;

/**
 * Events of a plan for the JDK's flight recorder, on JDK 11 and newer. Does nothing in a jlink
 * runtime without the recorder. Created by the attach thread, used by the plan's thread.
 */
public final class JfrEvents implements Closeable {
  /** Event objects; null in a runtime without jdk.jfr. */
  private final Events events;

  /**
   * Creates the events of the plan with this control file.
   *
   * @param places maximum number of blocks that are taken at once
   */
  public JfrEvents(HoldPlan plan, int places, ControlFile control) {
    Events found = null;
    try {
      found = new Events(plan, places, control);
    } catch (NoClassDefFoundError withoutJfr) {
      found = null;
    }
    events = found;
  }

  /**
   * Records a new phase of the plan.
   *
   * @param reason reason of the plan itself for its release; null for none
   */
  public void phase(Phase next, Readings now, String reason) {
    if (events != null) {
      events.phase(next, now, reason);
    }
  }

  /** Returns true if a recording takes the events of blocks now. */
  public boolean recordsBlocks() {
    return events != null && events.recordsBlocks();
  }

  /**
   * Starts the event of a block, before the allocation. Any thread.
   *
   * @param place place of the block among the blocks that are taken at once
   */
  public void blockBegins(int place) {
    if (events != null) {
      events.blockBegins(place);
    }
  }

  /**
   * Records a block after allocation and touching.
   *
   * @param place place where the block began
   * @param number number of blocks that the plan holds, with this block
   * @param resident resident bytes of the block, {@link Reading#UNKNOWN} if not counted
   */
  public void block(int place, long number, long size, long touched, long resident) {
    if (events != null) {
      events.block(place, number, size, touched, resident);
    }
  }

  @Override
  public void close() {
    if (events != null) {
      events.close();
    }
  }
}
