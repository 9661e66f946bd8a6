package io.allocmem.allocator;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.export.JfrEvents;
import io.allocmem.export.PlanBean;
import io.allocmem.export.Registration;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Jmx;
import java.io.Closeable;
import java.io.IOException;

/**
 * Log, MXBean and JFR events of a plan, for readers other than launchers. Opened by the attach
 * thread, used and closed by the plan's thread.
 */
final class Exports implements Closeable {
  private static final int MOST_REFUSALS = 10;

  final PlanLog log;

  private final HoldPlan plan;
  private final ControlFile control;

  /** Null before the plan is shown. */
  private JfrEvents recorder;

  /** Null if JMX does not show the plan. */
  private Closeable bean;

  Exports(HoldPlan plan, ControlFile control) {
    this.plan = plan;
    this.control = control;
    this.log = new PlanLog(plan);
  }

  /**
   * Shows the plan after the plan's first publication.
   *
   * @throws IOException with a sentence, if the plan cannot be shown as requested
   */
  void show(String caveat) throws IOException {
    String silent = null;
    try {
      bean = Registration.of(new PlanBean(plan, control), plan.jmx());
    } catch (NoClassDefFoundError withoutManagement) { // jlink runtime
      silent = plan.jmx() == Jmx.ON ? "not shown by JMX: this JVM has no java.management" : null;
    } catch (IOException refused) {
      silent = refused.getMessage();
    }
    if (silent != null && plan.jmx() == Jmx.ON) {
      throw new IOException(silent);
    }
    recorder = new JfrEvents(plan.name(), plan.area().toString(), control);
    log.started(caveat);
    if (silent != null) {
      log.say(silent);
    }
  }

  void phase(Counters now) {
    if (recorder != null) {
      recorder.phase(now);
    }
  }

  void blockBegins() {
    if (recorder != null) {
      recorder.blockBegins();
    }
  }

  void block(Counters now, long size, long touched, long resident) {
    if (recorder != null) {
      recorder.block(now, size, touched, resident);
    }
  }

  @Override
  public void close() throws IOException {
    if (recorder != null) {
      recorder.close();
      recorder = null;
    }
    if (bean != null) {
      bean.close();
      bean = null;
    }
  }

  /**
   * Closes a resource of a plan that is over. Closing allocates. Other threads may have taken the
   * released memory, or keep the heap full. Attempts therefore continue after each
   * OutOfMemoryError, at growing intervals.
   */
  static void close(Closeable one, Ticker ticker) {
    int refused = 0;
    for (long pause = 10_000_000; refused < MOST_REFUSALS; pause = Math.min(pause * 2, 1L << 30)) {
      try {
        one.close();
        return;
      } catch (IOException again) {
        refused++;
      } catch (OutOfMemoryError full) {
        refused = 0;
      }
      ticker.park(pause);
    }
  }
}
