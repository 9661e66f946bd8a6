package io.allocmem.launcher;

import io.allocmem.launcher.attach.JvmStart;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmSearch;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.restart.Ending;
import io.allocmem.launcher.restart.PlanWork;
import io.allocmem.launcher.restart.Restart;
import io.allocmem.launcher.restart.RestartLoop;
import io.allocmem.launcher.restart.TextConsole;
import io.allocmem.launcher.watch.PlainDisplay;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Holds a plan in a service, and starts the plan again after each restart of the service. */
final class AgainAttach implements PlanWork {
  /** Time for which an ending JVM still exists after its shutdown. */
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HoldPlan plan;
  private final boolean consent;
  private final ForegroundHold hold;
  private final JsonOption json;

  /** Way of the plan into the next JVM; null before the first check. */
  private PlanWay way;

  /** Evidence about the JVM that holds the plan, taken before the start of the plan. */
  private JvmEnd end;

  /** Called once an end of this process releases the first plan. */
  private Runnable begun = () -> {};

  /** Display of the JVM that holds the plan; null after the first JVM. */
  private WatchDisplay display;

  /**
   * @param consent true if the user has consented to a large plan
   */
  AgainAttach(HoldPlan plan, boolean consent, ForegroundHold hold, JsonOption json) {
    this.plan = plan;
    this.consent = consent;
    this.hold = hold;
    this.json = json;
  }

  /**
   * Holds the started plan, and starts the plan again.
   *
   * @param first JVM with the plan
   * @param endOfFirst evidence about that JVM
   * @param part part of the main class or jar name
   */
  Ending run(
      JvmSearch.Found first,
      JvmEnd endOfFirst,
      WatchDisplay ofFirst,
      Runnable begunWithFirst,
      String part,
      int most)
      throws IOException, InterruptedException {
    begun = begunWithFirst;
    end = endOfFirst;
    display = ofFirst;
    int user = new LinuxProcess(first.pid()).uid(); // any user can give a JVM this name
    JvmSearch search =
        new JvmSearch(jvm -> jvm.isNamed(part) && jvm.uid() == user && !Candidate.isLauncher(jvm));
    TextConsole console = new TextConsole(json.text());
    RestartLoop loop = new RestartLoop(plan.name(), part, most, this, search::next, console);
    try {
      return loop.run(first);
    } finally {
      json.put(AttachCommand.RESTARTS, loop.restarts().stream().map(Restart::fields).toList());
    }
  }

  @Override
  public String notReady(long pid) throws InterruptedException {
    if (JvmStart.isUnderWay(pid)) {
      return "accepts no attach yet: it is still starting, or was started with -Xrs";
    }
    String failure = hold.probe().unhealthy(pid);
    return failure == null ? null : "does not pass the service's own check yet: " + failure;
  }

  @Override
  public boolean endsSoon(long pid) {
    return endsSoon(JvmEnd.of(pid));
  }

  private static boolean endsSoon(JvmEnd jvm) {
    long deadline = System.nanoTime() + END_NANOS;
    while (!jvm.isOver() && System.nanoTime() - deadline < 0) {
      PlanControl.pause();
    }
    return jvm.isOver();
  }

  @Override
  public void check(long pid) throws IOException {
    way = PlanStart.require(pid, plan);
    String objection = LargePlan.objection(plan, pid);
    if (objection != null && !consent) {
      throw new Failure(objection);
    }
  }

  @Override
  public void start(long pid) {
    json.pid(pid);
    end = JvmEnd.of(pid);
    new PlanStart(pid, plan, way, end).accepted();
  }

  @Override
  public Ending hold(long pid) throws IOException, InterruptedException {
    WatchDisplay shown = display == null ? PlainDisplay.to(json.text(), true) : display;
    display = null; // closed at the end of the hold
    Ending ending = hold.hold(pid, end, shown, RecordWriter.to(null), begun);
    begun = () -> {};
    // a JVM removes its control files a moment before the JVM ends
    boolean unseen = !ending.ofJvm() && ending.plans().isEmpty();
    return unseen && endsSoon(end) ? new Ending(end.verdict(), true, List.of()) : ending;
  }
}
