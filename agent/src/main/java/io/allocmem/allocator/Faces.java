package io.allocmem.allocator;

import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Jmx;
import io.allocmem.status.ControlFile;
import io.allocmem.status.Counters;
import io.allocmem.status.PlanBean;
import io.allocmem.status.Recorder;
import io.allocmem.status.Registration;
import java.io.Closeable;
import java.io.IOException;

/**
 * What shows a plan to others than launchers: its log, its bean, its events. Opened by the thread
 * that brought the plan, used and closed by the plan's thread.
 */
final class Faces implements Closeable {
  final PlanLog log;

  private final HoldPlan plan;
  private final ControlFile control;

  /** Null before the plan is shown. */
  private Recorder recorder;

  /** Null when it is not shown by JMX. */
  private Closeable bean;

  Faces(HoldPlan plan, ControlFile control) {
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
      bean =
          Registration.of(new PlanBean(plan.name(), plan.area().toString(), control), plan.jmx());
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      silent = plan.jmx() == Jmx.ON ? "not shown by JMX: this JVM has no java.management" : null;
    } catch (IOException refused) {
      silent = refused.getMessage();
    }
    if (silent != null && plan.jmx() == Jmx.ON) {
      throw new IOException(silent);
    }
    recorder = new Recorder(plan.name(), plan.area().toString(), control);
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
   * Closes one thing of a plan that is over. Closing allocates, and the application may have taken
   * what we gave back: so it may take two attempts.
   */
  static void close(Closeable one, Ticker ticker) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        one.close();
        return;
      } catch (IOException | OutOfMemoryError again) {
        ticker.park(10_000_000);
      }
    }
  }
}
