package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Reading;
import java.io.Closeable;

/**
 * A plan's events for the JDK's flight recorder, on JDK 11 and newer. Does nothing in a runtime
 * that jlink made without it. Made by the thread that brought the agent, used by the plan's thread.
 */
public final class JfrEvents implements Closeable {
  /** Null in a runtime without jdk.jfr. */
  private final Events events;

  /** Of the plan that publishes there. */
  public JfrEvents(String plan, String area, ControlFile control) {
    Events found = null;
    try {
      found = new Events(plan, area, control);
    } catch (NoClassDefFoundError withoutJfr) {
      found = null;
    }
    events = found;
  }

  /** The plan has another phase. */
  public void phase(Counters now) {
    if (events != null) {
      events.phase(now);
    }
  }

  /** A block is about to be taken. */
  public void blockBegins() {
    if (events != null) {
      events.blockBegins();
    }
  }

  /**
   * It is taken and touched.
   *
   * @param resident bytes of it in RAM, {@link Reading#UNKNOWN} where not counted
   */
  public void block(Counters now, long size, long touched, long resident) {
    if (events != null) {
      events.block(now, size, touched, resident);
    }
  }

  @Override
  public void close() {
    if (events != null) {
      events.close();
    }
  }
}
