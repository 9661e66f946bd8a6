package io.allocmem.launcher.many;

import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.control.Course;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A plan that is held in one of many JVMs: each step renews the lease and prints a change of the
 * phase. The end releases the plan.
 */
public final class HeldPlan implements JvmWork {
  /** With many JVMs a sample a second is enough for people. */
  private static final long EVERY_MILLIS = 1_000;

  private static final long RELEASE_SECONDS = 10;

  private final ManyTarget target;
  private final HoldPlan plan;
  private final JvmEnd end;
  private final Outcome accepted;
  private final Rows rows;
  private final Poller poller;
  private final Course course = new Course();
  private String phase;

  /**
   * @param accepted outcome of the start
   * @param rows rows for changes of the phase
   */
  public HeldPlan(ManyTarget target, HoldPlan plan, JvmEnd end, Outcome accepted, Rows rows) {
    this.target = target;
    this.plan = plan;
    this.end = end;
    this.accepted = accepted;
    this.rows = rows;
    this.poller = new Poller(target.pid());
  }

  @Override
  public long pauseMillis() {
    return Math.min(EVERY_MILLIS, Math.max(1, plan.lease().toMillis() / 3));
  }

  @Override
  public Outcome step() throws IOException {
    poller.renew(plan.name()::equals);
    if (isHeld()) {
      printChange();
      return null;
    }
    poller.close();
    return accepted.with(course.newest(plan)).with(course.verdict(plan, end));
  }

  /** Looks, and returns true if the plan holds memory, or may hold memory. */
  private boolean isHeld() throws IOException {
    StatusReport report = poller.nextOrNull();
    if (report == null) {
      return true; // a plan that is given up is neither renewed nor released
    }
    course.add(report);
    return report.isAnythingHeld(plan.name()::equals);
  }

  private void printChange() {
    List<PlanSample> newest = course.newest(plan);
    String now = newest.isEmpty() ? null : newest.get(0).phase();
    if (!Objects.equals(now, phase)) {
      phase = now;
      if (!rows.printState(target.jvm(), accepted.with(newest).with("HELD"))) {
        throw new OutputClosed();
      }
    }
  }

  @Override
  public Outcome end() throws IOException {
    try (poller) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(RELEASE_SECONDS);
      boolean sent = false;
      while (isHeld() && System.nanoTime() - deadline < 0) {
        if (!sent && !course.newest(plan).isEmpty()) { // the look opened the control file
          poller.send(plan.name()::equals, PlanCommand.RELEASE);
          sent = true;
        }
        PlanControl.pause();
      }
      List<PlanSample> newest = course.newest(plan);
      boolean over = newest.stream().allMatch(PlanSample::isOver);
      return accepted.with(newest).with(over ? "RELEASED" : "HELD");
    }
  }
}
