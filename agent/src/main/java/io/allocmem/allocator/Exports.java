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
 * What shows a plan to others than launchers: its log, its bean, its events. Opened by the thread
 * that brought the plan, used and closed by the plan's thread.
 */
final class Exports implements Closeable {
  private static final int MOST_REFUSALS = 10;

  final PlanLog log;

  private final HoldPlan plan;
  private final ControlFile control;

  /** Null before the plan is shown. */
  private JfrEvents recorder;

  /** Null when it is not shown by JMX. */
  private Closeable bean;

  Exports(HoldPlan plan, ControlFile control) {
    this.plan = plan;
    this.control = control;
    this.log = new PlanLog(plan);
  }

  /**
   * Shows the plan, which has published.
   *
   * @throws IOException with a sentence, when it cannot be shown as it was asked
   */
  void show(String caveat) throws IOException {
    String silent = null;
    try {
      bean = Registration.of(new PlanBean(plan, control), plan.jmx());
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
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
   * Closes one thing of a plan that is over. Closing allocates, and others may have taken what we
   * gave back, or hold the heap full: so it takes as many attempts as it takes, ever more seldom.
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
