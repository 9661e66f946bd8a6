package io.allocmem.launcher.knee;

import io.allocmem.control.Reading.Unit;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.load.LoadClient;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Quantities;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;

/** Searches the knee of a JVM, step by step. */
public final class KneeSearch implements AutoCloseable {
  /** Part of a step beside the measurement: start of the plans, filling, collections, release. */
  private static final int BESIDE_SECONDS = 10;

  private final KneeOptions options;
  private final PlanStarter starter;
  private final PrintWriter out;
  private final KneeResult result;
  private final StopRequest stop = new StopRequest();

  /**
   * @param out receives a line at the begin and at the end of each step
   */
  public KneeSearch(KneeOptions options, PlanStarter starter, PrintWriter out) {
    this.options = options;
    this.starter = starter;
    this.out = out;
    this.result = new KneeResult(options);
  }

  /** Returns the steps so far, and the knee after the end of the search. */
  public KneeResult result() {
    return result;
  }

  /**
   * Searches until the knee is found.
   *
   * @return false if this process must end, as at Ctrl+C: the plans are released
   * @throws Failure if the JVM ends, or a plan cannot start or is not released
   */
  public boolean run() throws IOException, InterruptedException {
    requireFree();
    stop.begin();
    JvmEnd end = JvmEnd.of(options.pid());
    try (LoadClient client =
        options.asksService() ? new LoadClient(options.target(), options.rate()) : null) {
      if (client != null) {
        client.start();
        stop.ends(client);
      }
      search(new Step(options, starter, stop, end, client));
      return true;
    } catch (StopRequest.StoppedException processEnds) {
      requireReleased(processEnds);
      return false;
    }
  }

  /** A plan of the name belongs to somebody else, or to a search that was killed. */
  private void requireFree() throws IOException {
    Set<String> own =
        Set.of(
            StepPlans.pressure(options, options.to(), 0).name(), StepPlans.meter(options).name());
    String held = null;
    for (PlanControl plan : PlanControl.of(options.pid())) {
      try (plan) {
        Status status = own.contains(plan.name()) && plan.isAlive() ? plan.status() : null;
        held = status != null && !status.phase.isOver() ? plan.name() : held;
      }
    }
    if (held != null) {
      throw new Failure(
          "plan %s is held in %d already: wait for the end of the other search, release its plans (allocmem release %2$d -n %1$s), or give this search another name (-n)"
              .formatted(held, options.pid()));
    }
  }

  private void search(Step step) throws IOException, InterruptedException {
    say("without pressure: measuring for %d s".formatted(options.measure().toSeconds()));
    StepResult baseline = add(step.baseline(), 0);
    if (baseline.outcome() != Outcome.KEPT) {
      throw new Failure(
          "the service breaks %s without any plan: %s; raise the promise, or repair the service, and try again"
              .formatted(options.promise(), baseline.cause()));
    }
    int live = (int) Math.max(0, baseline.figures().liveShare() / 10);
    if (live >= options.to()) {
      throw new Failure(
          "the live heap takes %d %% without any plan, not less than --to %d%%"
              .formatted(live, options.to()));
    }
    Search search = new Search(live, options.from(), options.to(), options.step());
    long seconds = options.measure().toSeconds() + BESIDE_SECONDS;
    say(
        "up to %d shares of about %d s each; one that breaks the promise is measured twice"
            .formatted(search.most(), seconds));
    while (!search.isOver()) {
      int share = search.next();
      say("%d %%: filling%s".formatted(share, search.isDoubted() ? " once more" : ""));
      Outcome outcome = add(measured(step, share, baseline), share).outcome();
      search.add(share, outcome);
      if (outcome != Outcome.KEPT && !search.isOver()) {
        step.recover(share);
      }
    }
    result.end(search);
  }

  /** Names the share in a failure: the reader wants to know what the JVM did not bear. */
  private static StepResult measured(Step step, int share, StepResult baseline)
      throws IOException, InterruptedException {
    try {
      return step.at(share, baseline.figures().heapMax());
    } catch (Failure failure) {
      String also = notReleased(failure);
      String sentence = "at %d %%: %s%s".formatted(share, failure.getMessage(), also);
      Failure named = new Failure(failure.exitCode(), sentence);
      named.addSuppressed(failure);
      throw named;
    }
  }

  /** Returns the sentence about plans that a failed step could not release; empty for none. */
  private static String notReleased(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      boolean ended =
          suppressed instanceof Failure late
              && (late.exitCode() == ExitCode.ENDED || late.exitCode() == ExitCode.KILLED);
      if (!ended) {
        return "; " + suppressed.getMessage();
      }
    }
    return "";
  }

  private static void requireReleased(StopRequest.StoppedException stopped) {
    String sentence = notReleased(stopped);
    if (!sentence.isEmpty()) {
      throw new Failure("stopped" + sentence);
    }
  }

  private StepResult add(StepResult step, int share) {
    result.add(step);
    say(
        "%s: live %s, p99 of %s %s, GC CPU %s: %s"
            .formatted(
                share == 0 ? "without pressure" : share + " %",
                Quantities.of(Unit.THOUSANDTHS, step.figures().liveShare()),
                options.subject(),
                Quantities.of(Unit.MICROS, step.promised().p99()),
                Quantities.of(Unit.THOUSANDTHS, step.figures().gc()),
                step.outcome() == Outcome.REFUSED ? step.cause() : KneeResult.outcome(step)));
    return step;
  }

  private void say(String sentence) {
    out.println(sentence);
    if (out.checkError()) {
      throw new OutputClosed();
    }
  }

  /** Lets a process that must end go on, after the caller has printed the result. */
  @Override
  public void close() {
    stop.close();
  }
}
