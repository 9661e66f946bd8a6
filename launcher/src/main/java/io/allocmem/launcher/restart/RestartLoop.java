package io.allocmem.launcher.restart;

import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmSearch.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Holds a plan in a service, and starts the plan again in the next JVM of that name. Only the end
 * of the JVM counts: a plan that was released, or that ended by its own rule, stays over.
 */
public final class RestartLoop {
  /** Interval of looks at the JVMs. */
  static final long LOOK_MILLIS = 250;

  /** Time for which a new JVM may refuse the plan, or accept no attach, without a word. */
  static final long SILENT_MILLIS = 10_000;

  /** Attempts in a JVM that does not answer in time, as in a long collection at its start. */
  static final int MOST_ATTEMPTS = 3;

  /** A new JVM in which the plan does not run yet. */
  private static final class Candidate {
    private final Found jvm;
    private final long since;
    private long readySince;
    private int attempts;
    private boolean said;

    Candidate(Found jvm, long now) {
      this.jvm = jvm;
      this.since = now;
      this.readySince = now;
    }
  }

  private final String plan;
  private final String part;
  private final int most;
  private final PlanWork work;
  private final Supplier<List<Found>> jvms;
  private final Console console;
  private final List<Restart> restarts = new ArrayList<>();
  private boolean severalSaid;

  /**
   * @param plan name of the plan
   * @param part part of the main class or jar name of the JVMs
   * @param most maximum number of new starts; 0 for no limit
   * @param jvms looks for the JVMs with that name
   */
  public RestartLoop(
      String plan,
      String part,
      int most,
      PlanWork work,
      Supplier<List<Found>> jvms,
      Console console) {
    this.plan = plan;
    this.part = part;
    this.most = most;
    this.work = work;
    this.jvms = jvms;
    this.console = console;
  }

  /** Returns the restarts so far. */
  public List<Restart> restarts() {
    return restarts;
  }

  /**
   * Holds the started plan, and starts the plan again after each end of its JVM.
   *
   * @param first JVM in which the plan has started
   * @return end of the plan; or end of the JVM after the last permitted start
   * @throws Failure if the next JVM refuses the plan
   */
  public Ending run(Found first) throws IOException, InterruptedException {
    Found held = first;
    while (true) {
      Ending ending = work.hold(held.pid());
      if (!ending.ofJvm()) {
        return ending;
      }
      if (most > 0 && restarts.size() >= most) {
        return last(ending);
      }
      held = restart(held, ending.verdict());
    }
  }

  private Found restart(Found ended, Verdict cause) throws IOException, InterruptedException {
    long endedAt = console.millis();
    console.say(cause.sentence() + "; " + state());
    Found next = next(ended);
    restarts.add(new Restart(System.currentTimeMillis(), ended.pid(), cause, next.pid()));
    double seconds = (console.millis() - endedAt) / 1000.0;
    console.say(
        "restart %d%s: plan %s in JVM %d, %.1f s after the end"
            .formatted(restarts.size(), ofMost(), plan, next.pid(), seconds));
    return next;
  }

  private Ending last(Ending ending) {
    String sentence =
        "%s; --again=%d allows no further start of plan %s"
            .formatted(ending.verdict().sentence(), most, plan);
    return new Ending(new Verdict(ending.verdict().code(), sentence), true, ending.plans());
  }

  private String ofMost() {
    return most > 0 ? " of " + most : "";
  }

  private String state() {
    return "waiting for the next JVM with '%s' in its main class or jar name".formatted(part);
  }

  /** Waits for the next JVM, starts the plan there, and returns the JVM. */
  private Found next(Found before) throws IOException, InterruptedException {
    Candidate candidate = null;
    while (true) {
      List<Found> found = jvms.get().stream().filter(jvm -> !jvm.equals(before)).toList();
      candidate = candidateOf(found, candidate);
      if (candidate != null && isStarted(candidate)) {
        return candidate.jvm;
      }
      console.await(state(), LOOK_MILLIS);
    }
  }

  /** Returns the only JVM; null without a JVM, and while several JVMs have the name. */
  private Candidate candidateOf(List<Found> found, Candidate last) {
    boolean gone = last != null && !found.contains(last.jvm);
    if (gone) {
      console.say(
          "JVM %d ended before plan %s started there; %s".formatted(last.jvm.pid(), plan, state()));
    }
    if (found.size() > 1 && !severalSaid) {
      String pids = found.stream().map(jvm -> "" + jvm.pid()).collect(Collectors.joining(", "));
      console.say(
          "'%s' fits %d JVMs, waiting until one is left: %s".formatted(part, found.size(), pids));
    }
    severalSaid = found.size() > 1;
    if (found.size() != 1) {
      return null;
    }
    return last == null || gone ? new Candidate(found.get(0), console.millis()) : last;
  }

  /** Tries to start the plan, and returns true after a start. */
  private boolean isStarted(Candidate candidate) throws IOException, InterruptedException {
    long pid = candidate.jvm.pid();
    String reason = work.notReady(pid);
    if (reason != null) {
      candidate.readySince = console.millis();
      if (candidate.readySince - candidate.since >= SILENT_MILLIS && !candidate.said) {
        candidate.said = true;
        console.say("JVM %d %s; waiting".formatted(pid, reason));
      }
      return false;
    }
    return isAllowed(candidate) && hasAccepted(candidate);
  }

  /** Checks the JVM; a JVM that starts may refuse for a reason that passes. */
  private boolean isAllowed(Candidate candidate) throws IOException {
    long pid = candidate.jvm.pid();
    try {
      work.check(pid);
      return true;
    } catch (Failure | IOException refused) {
      boolean patient = console.millis() - candidate.readySince < SILENT_MILLIS;
      if (patient || work.endsSoon(pid)) {
        return false;
      }
      throw refused;
    }
  }

  private boolean hasAccepted(Candidate candidate) throws IOException {
    long pid = candidate.jvm.pid();
    try {
      candidate.attempts++;
      work.start(pid);
      return true;
    } catch (Failure | IOException refused) {
      boolean unanswered = refused.getCause() instanceof TimeoutException;
      if (work.endsSoon(pid) || unanswered && candidate.attempts < MOST_ATTEMPTS) {
        return false;
      }
      throw refused;
    }
  }
}
