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
 * Stays with a plan: renews its lease, says what it does, and releases it when this process is told
 * to end. Killed without a word, it leaves the lease to run out.
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
   * Returns when the plan is over.
   *
   * @throws Failure when the JVM ended before it
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
      throw new Failure("plan " + plan.name() + " is over already");
    }
    if (phase.equals(StatusReport.DEAD)) {
      throw new Failure("JVM " + pid + " has ended while the plan was held");
    }
  }
}
