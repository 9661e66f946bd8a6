package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.many.JvmWork;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plans that a command affects: all plans of a JVM, or the named plan. */
final class PlanChoice {
  /**
   * Time limit of an answer: a block of 8188 MiB can take this long. A plan executes commands
   * between slices of blocks.
   */
  private static final long TIMEOUT_MILLIS = 10_000;

  /** Time limit after a first plan without an answer: the JVM may have hundreds of such plans. */
  private static final long NEXT_MILLIS = 1_000;

  /** Action on a plan. */
  interface Action {
    void accept(long pid, PlanControl plan) throws IOException, InvalidArguments;
  }

  @Mixin private TargetChoice target;

  @Mixin private ManyChoice many;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "select the plan of this name (default: all plans)")
  private String name;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Pid of the JVM; 0 before the first look. */
  private long pid;

  private boolean last;

  private JvmEnd end;

  /** Failure of the last failed plan; null if none failed. */
  private Failure failure;

  PlanChoice() {}

  /**
   * Applies the action to each living plan in turn. A plan without an answer does not prevent the
   * action on further plans.
   *
   * @throws Failure if no plan is held, or the action failed for a plan
   */
  void forEach(Action action) throws IOException, InvalidArguments {
    if (!isDone(action)) {
      throw nothing();
    }
  }

  /**
   * Applies the action as {@link #forEach} does, if a plan is held. Returns false if no plan is
   * held.
   *
   * @throws Failure if the action failed for a plan, or if plans may be invisible
   */
  boolean forAny(Action action) throws IOException, InvalidArguments {
    boolean done = isDone(action);
    if (!done && !end.isOver() && !PlanControl.skipped(pid).isEmpty()) {
      throw nothing();
    }
    return done;
  }

  /** Returns true if the command line names the JVM, or if a JVM holds a plan. */
  boolean isAnyFound() {
    return target.isGiven() || !Candidate.holding(name).isEmpty();
  }

  /** Returns true for a command on the plans of many JVMs. */
  boolean isMany() {
    return many.isGiven(spec);
  }

  /** Returns the chosen JVMs that hold a chosen plan. */
  Selection selection() {
    return many.holding(name);
  }

  /** Executes the command for each chosen JVM that holds a plan; returns the worst exit code. */
  int each() throws InterruptedException {
    return many.each(selection(), spec);
  }

  /** Executes the work for each JVM of the selection, and returns the worst exit code. */
  int each(Selection selection, Function<ManyTarget, JvmWork> work) throws InterruptedException {
    return many.each(selection, spec, work);
  }

  private boolean isDone(Action action) throws IOException, InvalidArguments {
    pid();
    end = JvmEnd.of(pid);
    int count = apply(action);
    count += count == 0 ? apply(action) : 0; // on a busy machine files can answer late
    if (failure != null) {
      throw failure;
    }
    return count > 0;
  }

  private Failure nothing() {
    PlanControl.skipped(pid).forEach(this::printSkipped);
    if (end.isOver()) {
      end.verdict().require();
    }
    return noPlan(name, pid);
  }

  /**
   * Returns the error for a JVM without a living plan.
   *
   * @param name name of the missing plan; null for any plan
   */
  static Failure noPlan(String name, long pid) {
    String wanted = name == null ? "no plan" : "no plan " + name;
    return new Failure(wanted + " is held in " + pid + "; allocmem list shows all plans");
  }

  /** Returns the pid of the JVM, as seen from here. */
  long pid() {
    pid = pid == 0 ? target.pidHolding(name, spec) : pid;
    return pid;
  }

  /** Returns true for the name of a chosen plan. */
  boolean isChosen(String plan) {
    return name == null || plan.equals(name);
  }

  private int apply(Action action) throws IOException, InvalidArguments {
    int count = 0;
    List<PlanControl> found = PlanControl.of(pid);
    try {
      List<PlanControl> selected = selected(found);
      for (PlanControl plan : selected) {
        count++;
        last = count == selected.size();
        printCaveat(plan.status());
        applyTo(action, plan);
      }
    } finally {
      for (PlanControl plan : found) {
        plan.close();
      }
    }
    return count;
  }

  private List<PlanControl> selected(List<PlanControl> found) throws IOException {
    List<PlanControl> selected = new ArrayList<>();
    for (PlanControl plan : found) {
      if (isChosen(plan.name()) && plan.isAlive()) {
        selected.add(plan);
      }
    }
    return selected;
  }

  /** Returns true during the action on the last plan. */
  boolean isLast() {
    return last;
  }

  private void applyTo(Action action, PlanControl plan) throws IOException, InvalidArguments {
    try {
      action.accept(pid, plan);
    } catch (Failure refused) {
      if (failure != null) {
        spec.commandLine().getErr().println("allocmem: " + failure.getMessage());
      }
      failure = refused;
    }
  }

  private void printSkipped(String sentence) {
    spec.commandLine().getErr().println("skipped: " + sentence);
  }

  private void printCaveat(Status status) {
    String caveat = status == null ? null : Versions.caveat(status);
    if (caveat != null) {
      spec.commandLine().getErr().println(caveat);
    }
  }

  /**
   * Waits for the plan's answer to a command.
   *
   * @throws Failure if the JVM ends, or the plan does not answer
   */
  Status await(PlanControl plan, Predicate<Status> done) throws IOException {
    long millis = failure == null ? TIMEOUT_MILLIS : NEXT_MILLIS;
    Status answer = plan.await(status -> done.test(status) || end.isOver(), millis);
    if (answer == null || !done.test(answer)) {
      if (end.isOver()) {
        end.verdict().require();
      }
      throw new Failure(
          ExitCode.SHORT,
          "plan %s in %d has not answered for %d s: the JVM may be stopped or collecting; the command takes effect when the JVM runs again"
              .formatted(plan.name(), pid, millis / 1000));
    }
    return answer;
  }
}
