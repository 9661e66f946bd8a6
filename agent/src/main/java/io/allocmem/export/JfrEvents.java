package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Reading;
import java.io.Closeable;

/**
 * A plan's events for the JDK's flight recorder: none on JDK 8 to 10, which this class is for. Its
 * twin in {@code META-INF/versions/11} has the same face, and is loaded instead on newer ones. Made
 * by the thread that brought the agent, used by the plan's thread.
 */
public final class JfrEvents implements Closeable {
  /** Of the plan that publishes there. */
  public JfrEvents(String plan, String area, ControlFile control) {}

  /** The plan has another phase. */
  public void phase(Counters now) {}

  /** A block is about to be taken. */
  public void blockBegins() {}

  /**
   * It is taken and touched.
   *
   * @param resident bytes of it in RAM, {@link Reading#UNKNOWN} where not counted
   */
  public void block(Counters now, long size, long touched, long resident) {}

  @Override
  public void close() {}
}
