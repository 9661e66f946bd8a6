package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.HoldPlan;
import java.io.Closeable;

/**
 * Events of a plan for the JDK's flight recorder: no events on JDK 8 to 10, the JDKs of this class.
 * The twin in {@code META-INF/java/11} has the same methods, and newer JDKs load the twin. Created
 * by the attach thread, used by the plan's thread.
 */
public final class JfrEvents implements Closeable {
  /**
   * Creates the events of the plan with this control file.
   *
   * @param places maximum number of blocks that are taken at once
   */
  public JfrEvents(HoldPlan plan, int places, ControlFile control) {}

  /**
   * Records a new phase of the plan.
   *
   * @param reason reason of the plan itself for its release; null for none
   */
  public void phase(Phase next, Readings now, String reason) {}

  /** Returns true if a recording takes the events of blocks now. */
  public boolean recordsBlocks() {
    return false;
  }

  /**
   * Starts the event of a block, before the allocation. Any thread.
   *
   * @param place place of the block among the blocks that are taken at once
   */
  public void blockBegins(int place) {}

  /**
   * Records a block after allocation and touching.
   *
   * @param place place where the block began
   * @param number number of blocks that the plan holds, with this block
   * @param resident resident bytes of the block, {@link Reading#UNKNOWN} if not counted
   */
  public void block(int place, long number, long size, long touched, long resident) {}

  @Override
  public void close() {}
}
