package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Event of the stalls of the last second, once per period, if the plan measures stalls. The
 * recorder's own thread fills and writes the event.
 */
@Name("io.allocmem.Stalls")
@Label("Stalls")
@Description("Delay of a thread that wakes each millisecond, over the last second")
@Category("allocmem")
@Registered(false)
@StackTrace(false)
@Period("1 s")
final class StallsEvent extends Event implements Runnable {
  @Label("Plan")
  String plan;

  @Timespan(Timespan.MICROSECONDS)
  @Label("Median")
  long p50;

  @Timespan(Timespan.MICROSECONDS)
  @Label("99 %")
  long p99;

  @Timespan(Timespan.MICROSECONDS)
  @Label("99.9 %")
  long p999;

  @Timespan(Timespan.MICROSECONDS)
  @Label("Longest")
  long max;

  private final transient ControlFile control;

  StallsEvent(String plan, ControlFile control) {
    this.plan = plan;
    this.control = control;
  }

  /** Writes the event. An error is ignored: a full heap may have no room for an event. */
  @Override
  public void run() {
    try {
      Status now = isEnabled() ? control.published() : null;
      if (now == null || now.phase.isOver() || now.get(Reading.STALL_MAX) == Reading.UNKNOWN) {
        return;
      }
      begin();
      end();
      p50 = now.get(Reading.STALL_P50);
      p99 = now.get(Reading.STALL_P99);
      p999 = now.get(Reading.STALL_P999);
      max = now.get(Reading.STALL_MAX);
      commit();
    } catch (OutOfMemoryError full) {
      return;
    }
  }
}
