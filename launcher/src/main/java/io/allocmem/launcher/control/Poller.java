package io.allocmem.launcher.control;

import io.allocmem.control.PlanCommand;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads the plans of one JVM again and again. Keeps the control files open: after the end of a plan
 * the file is removed, but one more report contains the plan with its final status.
 *
 * <p>A shutdown hook may use the same poller beside the polling thread, since file locks belong to
 * the whole process.
 */
public final class Poller implements Closeable {
  private final long pid;
  private final Map<String, PlanControl> open = new TreeMap<>();
  private boolean reported;

  /** Opens no file before the first report. */
  public Poller(long pid) {
    this.pid = pid;
  }

  /**
   * Returns a report of the present state. The report includes new plans, and excludes plans
   * already over in the last report.
   */
  public synchronized StatusReport next() throws IOException {
    addNew();
    reported = true;
    StatusReport report = StatusReport.of(pid, open.values());
    for (Map.Entry<String, String> plan : report.phases().entrySet()) {
      if (isLast(plan.getValue())) {
        open.remove(plan.getKey()).close();
      }
    }
    return report;
  }

  /**
   * Returns the next report; null for a JVM that does not answer in time, as when short of memory.
   */
  public StatusReport nextOrNull() throws IOException {
    try {
      return next();
    } catch (Failure e) {
      if (e.getCause() instanceof ForeignFiles.LateException) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Returns true if no status follows. An ended plan makes room for a new plan of the same name; a
   * dead JVM starts no plan.
   */
  private static boolean isLast(String phase) {
    return phase.equals("RELEASED") || phase.equals("FAILED");
  }

  private void addNew() throws IOException {
    for (PlanControl found : plans()) {
      Status status = found.status();
      // the file is removed a moment after the plan's final status, which was reported already
      boolean finished = reported && (status == null || status.phase.isOver());
      if (finished || open.containsKey(found.name())) {
        found.close();
      } else {
        open.put(found.name(), found);
      }
    }
  }

  /**
   * Returns the plans of the JVM. After a late answer, open files suffice: the next report finds a
   * new plan.
   */
  private List<PlanControl> plans() {
    try {
      return PlanControl.of(pid);
    } catch (Failure e) {
      if (open.isEmpty() || !(e.getCause() instanceof ForeignFiles.LateException)) {
        throw e;
      }
      return List.of();
    }
  }

  /** Renews the leases of the named plans. */
  public synchronized void renew(Predicate<String> names) throws IOException {
    for (PlanControl plan : open.values()) {
      if (names.test(plan.name())) {
        plan.renew();
      }
    }
  }

  /**
   * Sends a command to the named plans, without waiting for their answers. Returns true if there
   * was such a plan: before the first report there is none.
   */
  public synchronized boolean send(Predicate<String> names, PlanCommand command)
      throws IOException {
    boolean sent = false;
    for (PlanControl plan : open.values()) {
      if (names.test(plan.name())) {
        plan.send(command);
        sent = true;
      }
    }
    return sent;
  }

  @Override
  public synchronized void close() throws IOException {
    for (PlanControl plan : open.values()) {
      plan.close();
    }
    open.clear();
  }
}
