package io.allocmem.launcher;

import io.allocmem.plan.HoldPlan;
import io.allocmem.status.Command;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Stays with a plan: renews its lease, says what it does, and releases it when this process is told
 * to end. Killed without a word, it leaves the lease to run out.
 */
final class Foreground {
  private static final long SECOND_MILLIS = 1000;
  private static final long RELEASE_MILLIS = 10_000;

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
  void stay() throws IOException, InterruptedException {
    try (PlanControl control = control()) {
      Thread release = new Thread(() -> release(control), "release");
      Runtime.getRuntime().addShutdownHook(release);
      out.printf("held until Ctrl+C, or allocmem release %d%n", pid);
      Status last = follow(control);
      if (isEnding(release)) {
        return;
      }
      if (!last.phase.isOver() && !control.isAlive()) {
        throw new Failure("JVM " + pid + " has ended while the plan was held");
      }
      out.printf("plan %s: %s%n", plan.name(), last.phase);
    }
  }

  private PlanControl control() throws IOException {
    PlanControl found = null;
    for (PlanControl control : PlanControl.of(pid)) {
      if (control.name().equals(plan.name())) {
        found = control;
      } else {
        control.close();
      }
    }
    if (found == null) {
      throw new Failure("plan " + plan.name() + " is over already");
    }
    return found;
  }

  /** A line at each change of phase, and each second while blocks come. */
  private Status follow(PlanControl control) throws IOException, InterruptedException {
    long nap = Math.min(SECOND_MILLIS, Math.max(1, plan.lease().toMillis() / 3));
    Phase said = null;
    Status now = control.status();
    while (now != null && !now.phase.isOver() && control.isAlive()) {
      control.renew();
      if (now.phase != said || now.phase == Phase.ALLOCATING) {
        out.printf(
            "plan %s: %s, %d blocks, %s committed, %s resident%n",
            plan.name(),
            now.phase,
            now.blocks,
            Amounts.of(now.committed),
            Amounts.of(now.resident));
        said = now.phase;
      }
      Phase current = said;
      control.await(status -> status.phase != current, nap);
      now = control.status();
    }
    return now == null ? control.status() : now;
  }

  /** Then that thread does the rest, and this one must leave the channel to it. */
  private static boolean isEnding(Thread release) throws InterruptedException {
    try {
      return !Runtime.getRuntime().removeShutdownHook(release);
    } catch (IllegalStateException ending) {
      release.join();
      return true;
    }
  }

  private void release(PlanControl control) {
    try {
      if (control.isAlive()) {
        control.send(Command.RELEASE);
        Status last = control.await(status -> status.phase.isOver(), RELEASE_MILLIS);
        System.out.printf("plan %s: %s%n", plan.name(), last.phase);
      }
    } catch (IOException over) {
      return; // the channel is closed: the plan was over before
    }
  }
}
