package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Event of what pressure costs the process, once per period. The recorder's own thread fills and
 * writes the event: nothing happens in the plan's thread.
 */
@Name("io.allocmem.Effect")
@Label("Effect")
@Description("Cost of memory pressure for the process, over the last second")
@Category("allocmem")
@Registered(false)
@StackTrace(false)
@Period("1 s")
final class EffectEvent extends Event implements Runnable {
  private static final float WHOLE = 1000;

  @Label("Plan")
  String plan;

  @Percentage
  @Label("GC of CPU Time")
  @Description("Part of collections in the CPU time of the process")
  float gcOfProcess;

  @Percentage
  @Label("GC of Processors")
  @Description("Part of collections in the time of all processors of the JVM")
  float gcOfProcessors;

  @Percentage
  @Label("Pauses")
  @Description("Part of the time in which collections stopped the application")
  float pause;

  @Percentage
  @Label("Memory Pressure")
  @Description("Part of the time in which some thread of the container waited for memory (PSI)")
  float pressure;

  @Label("Major Faults")
  @Description("Page faults of the process that waited for a disk, since its start")
  long majorFaults;

  @Timespan(Timespan.MILLISECONDS)
  @Label("Throttled")
  @Description(
      "Time in which CPU limits stopped the container, in sum over processors and nested limits")
  long throttled;

  @DataAmount
  @Label("Swap")
  @Description("Swapped memory of the process")
  long swap;

  private final transient ControlFile control;

  EffectEvent(String plan, ControlFile control) {
    this.plan = plan;
    this.control = control;
  }

  /** Writes the event. An error is ignored: a full heap may have no room for an event. */
  @Override
  public void run() {
    try {
      Status now = isEnabled() ? control.published() : null;
      if (now == null || now.phase.isOver()) {
        return;
      }
      begin();
      end();
      gcOfProcess = share(now.get(Reading.GC_OF_PROCESS_1S));
      gcOfProcessors = share(now.get(Reading.GC_OF_PROCESSORS_1S));
      pause = share(now.get(Reading.PAUSE_1S));
      pressure = share(now.get(Reading.PRESSURE_1S));
      majorFaults = now.get(Reading.MAJOR_FAULTS);
      throttled = time(now.get(Reading.THROTTLED_MILLIS));
      swap = now.get(Reading.SWAP);
      commit();
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  /** Returns the share of a whole; not a number if not measured. */
  private static float share(long thousandths) {
    return thousandths == Reading.UNKNOWN ? Float.NaN : thousandths / WHOLE;
  }

  /** Returns the time; the recorder's value of no time if not measured. */
  private static long time(long value) {
    return value == Reading.UNKNOWN ? Long.MIN_VALUE : value;
  }
}
