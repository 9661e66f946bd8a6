package io.allocmem.allocator;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.export.JfrEvents;
import io.allocmem.export.MBeanServers;
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
  final PlanLog log;

  private final HoldPlan plan;
  private final ControlFile control;

  /** Null before the plan is shown. */
  private JfrEvents events;

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
      bean =
          MBeanServers.mayShow(plan.jmx())
              ? Registration.of(new PlanBean(plan, control), plan.jmx())
              : null;
    } catch (NoClassDefFoundError withoutManagement) { // jlink runtime
      silent = plan.jmx() == Jmx.ON ? "not shown by JMX: this JVM has no java.management" : null;
    } catch (IOException refused) {
      silent = refused.getMessage();
    }
    if (silent != null && plan.jmx() == Jmx.ON) {
      throw new IOException(silent);
    }
    events = new JfrEvents(plan, OrderQueue.places(plan), control);
    log.started(caveat);
    if (silent != null) {
      log.say(silent);
    }
  }

  void phase(Phase next, PlanState now) {
    if (events != null) {
      events.phase(next, now, next.isOver() ? now.reason() : null); // a reason may need an object
    }
  }

  /** Returns true if the event of each block is recorded now, with the block's own figures. */
  boolean recordsBlocks() {
    return events != null && events.recordsBlocks();
  }

  /** Starts the event of a block; called by the thread that takes the block. */
  void blockBegins(int place) {
    if (events != null) {
      events.blockBegins(place);
    }
  }

  void block(int place, PlanState now, long size, long touched, long resident) {
    if (events != null) {
      events.block(place, now.blocksHeld() + 1, size, touched, resident);
    }
  }

  @Override
  public void close() throws IOException {
    if (events != null) {
      events.close();
      events = null;
    }
    if (bean != null) {
      bean.close();
      bean = null;
    }
  }
}
