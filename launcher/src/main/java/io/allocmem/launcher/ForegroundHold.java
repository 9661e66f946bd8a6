package io.allocmem.launcher;

import io.allocmem.launcher.control.Course;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.restart.Ending;
import io.allocmem.launcher.watch.Follower;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.List;

/**
 * Hold of a plan in the foreground: renews the lease, shows the state, and releases the plan when
 * this process must end.
 *
 * @param everyMillis sampling interval
 */
record ForegroundHold(HoldPlan plan, long everyMillis) {
  /**
   * Holds the plan until the end of the plan, of the JVM, or of this process.
   *
   * @param begun called once an end of this process releases the plan
   */
  Ending hold(long pid, JvmEnd end, WatchDisplay display, RecordWriter recorder, Runnable begun)
      throws IOException, InterruptedException {
    long every = Math.min(everyMillis, Math.max(1, plan.lease().toMillis() / 3));
    Follower follower =
        new Follower(new Poller(pid), display, recorder, every, plan.name()::equals, true);
    follower.begin();
    begun.run();
    follower.stay();
    Course course = follower.course();
    List<PlanSample> newest = course.newest(plan);
    if (follower.isShuttingDown()) {
      return new Ending(Verdict.DONE, false, newest);
    }
    return new Ending(course.verdict(plan, end), course.hasEndedWithJvm(plan, end), newest);
  }
}
