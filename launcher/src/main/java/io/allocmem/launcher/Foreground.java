package io.allocmem.launcher;

import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.watch.Following;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Holds a plan in the foreground: renews the lease, shows the state, and releases the plan when
 * this process must end. If this process is killed, the lease runs out.
 */
final class Foreground {
  private final long pid;
  private final HoldPlan plan;
  private final PrintWriter out;

  Foreground(long pid, HoldPlan plan, PrintWriter out) {
    this.pid = pid;
    this.plan = plan;
    this.out = out;
  }

  /**
   * Returns after the end of the plan.
   *
   * @throws Failure if the JVM ended before the plan
   */
  void stay(WatchDisplay face, RecordWriter recorder, long everyMillis)
      throws IOException, InterruptedException {
    long third = plan.lease().toMillis() / 3;
    long every = third == 0 ? everyMillis : Math.min(everyMillis, third);
    Following following =
        new Following(new Poller(pid), face, recorder, every, plan.name()::equals, true);
    following.begin();
    out.printf("held until Ctrl+C, or allocmem release %d%n", pid);
    String phase = following.stay().phases().get(plan.name());
    if (phase == null) {
      throw new Failure("plan " + plan.name() + " has ended already");
    }
    if (phase.equals(StatusReport.DEAD)) {
      throw new Failure("JVM " + pid + " has ended while the plan was held");
    }
  }
}
