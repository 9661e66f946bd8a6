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
 * Look after look at the plans of one JVM. Keeps their control files open, so that a plan that
 * ended, whose file is gone, is in one more look with its last word. A shutdown hook may call it
 * beside the thread that looks: locks on files belong to the whole process.
 */
public final class Poller implements Closeable {
  private final long pid;
  private final Map<String, PlanControl> open = new TreeMap<>();
  private boolean looked;

  /** Opens no file before the first look. */
  public Poller(long pid) {
    this.pid = pid;
  }

  /** How things stand now. New plans are in it; those that were over at the last look are not. */
  public synchronized StatusReport next() throws IOException {
    pickUp();
    looked = true;
    StatusReport report = StatusReport.of(pid, open.values());
    for (Map.Entry<String, String> plan : report.phases().entrySet()) {
      if (isLast(plan.getValue())) {
        open.remove(plan.getKey()).close();
      }
    }
    return report;
  }

  /** A plan that ended makes room for a new one of its name; a dead JVM will have none. */
  private static boolean isLast(String phase) {
    return phase.equals("RELEASED") || phase.equals("FAILED");
  }

  private void pickUp() throws IOException {
    for (PlanControl found : plans()) {
      Status status = found.status();
      // a file is removed a moment after its plan's last word, which was told already
      boolean told = looked && (status == null || status.phase.isOver());
      if (told || open.containsKey(found.name())) {
        found.close();
      } else {
        open.put(found.name(), found);
      }
    }
  }

  /** What is open already can be looked at without its name: nobody waits for a new plan then. */
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

  /** Renews the leases of those plans. */
  public synchronized void renew(Predicate<String> names) throws IOException {
    for (PlanControl plan : open.values()) {
      if (names.test(plan.name())) {
        plan.renew();
      }
    }
  }

  /** Tells those plans; does not wait for them. */
  public synchronized void send(Predicate<String> names, PlanCommand command) throws IOException {
    for (PlanControl plan : open.values()) {
      if (names.test(plan.name())) {
        plan.send(command);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (PlanControl plan : open.values()) {
      plan.close();
    }
    open.clear();
  }
}
