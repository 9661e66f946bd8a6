package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import java.io.Closeable;

/**
 * Events of a plan for the JDK's flight recorder: no events on JDK 8 to 10, the JDKs of this class.
 * The twin in {@code META-INF/versions/11} has the same methods, and newer JDKs load the twin.
 * Created by the attach thread, used by the plan's thread.
 */
public final class JfrEvents implements Closeable {
  /** Creates the events of the plan with this control file. */
  public JfrEvents(String plan, String area, ControlFile control) {}

  /** Records a new phase of the plan. */
  public void phase(Phase next, Readings now) {}

  /** Returns true if a recording takes the events of blocks now. */
  public boolean recordsBlocks() {
    return false;
  }

  /** Starts the event of a block, before the allocation. */
  public void blockBegins() {}

  /**
   * Records a block after allocation and touching.
   *
   * @param resident resident bytes of the block, {@link Reading#UNKNOWN} if not counted
   */
  public void block(Readings now, long size, long touched, long resident) {}

  @Override
  public void close() {}
}
