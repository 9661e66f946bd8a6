package io.allocmem.launcher;

import io.allocmem.launcher.control.Course;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.probe.Probe;
import io.allocmem.launcher.process.ExitCode;
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
 * @param probe service's own check, whose failures release the plan
 */
record ForegroundHold(HoldPlan plan, long everyMillis, ProbeOptions probe) {
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
    Probe checks = probe.start(pid, end, follower);
    try (checks) {
      follower.stay();
    }
    List<PlanSample> newest = follower.course().newest(plan);
    return follower.isShuttingDown()
        ? new Ending(Verdict.DONE, false, newest)
        : endingOf(follower.course(), end, newest);
  }

  private Ending endingOf(Course course, JvmEnd end, List<PlanSample> newest) {
    Verdict verdict = course.verdict(plan, end);
    boolean ofJvm = course.hasEndedWithJvm(plan, end);
    String cause = probe.stopped();
    if (cause == null) {
      return new Ending(verdict, ofJvm, newest);
    }
    Verdict stopped =
        ofJvm
            ? new Verdict(verdict.code(), verdict.sentence() + "; before that, " + cause)
            : new Verdict(
                ExitCode.STOPPED, "plan %s was released: %s".formatted(plan.name(), cause));
    return new Ending(stopped, false, newest); // --again ends: somebody has to look at the service
  }
}
