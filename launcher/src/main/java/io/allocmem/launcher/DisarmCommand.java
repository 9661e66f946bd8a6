package io.allocmem.launcher;

import io.allocmem.control.ArmedRequest;
import io.allocmem.launcher.control.ArmedControl;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.SentRequest;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ends the arming of a JVM: the agent takes no further plan; held plans stay. */
@Command(
    name = "disarm",
    description = {
      "End the arming of a JVM started with -javaagent:allocmem-agent.jar=armed.",
      "Held plans stay, and release ends these plans. Later plans need an attach."
    },
    mixinStandardHelpOptions = true)
final class DisarmCommand implements Callable<Integer> {
  /** Time limit of an answer, as for a command to a plan. */
  private static final long TIMEOUT_MILLIS = 10_000;

  /** The request stays valid: a stopped JVM disarms when the JVM runs again. */
  private static final long VALID_MILLIS = TimeUnit.DAYS.toMillis(365);

  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Mixin private ManyChoice many;

  @Option(names = "--if-armed", description = "succeed also if the JVM is not armed, or has ended")
  private boolean ifArmed;

  @Mixin private JsonOption json;

  DisarmCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (many.isGiven(spec)) {
      return disarmMany();
    }
    if (ifArmed && !target.isGiven() && Candidate.armed().isEmpty()) {
      return nothing();
    }
    long pid = target.pidArmed(spec);
    json.pid(pid);
    JvmEnd end = JvmEnd.of(pid);
    try (ArmedControl armed = ArmedControl.find(pid)) {
      if (armed != null) {
        disarm(pid, armed, end);
        return json.end(ExitCode.DONE, null);
      }
    }
    boolean passedOver = isPassedOver(pid, end);
    if (!ifArmed || passedOver) {
      throw notArmed(pid, end);
    }
    return nothing();
  }

  private int disarmMany() throws IOException, InterruptedException {
    Selection selection = many.armed();
    if (ifArmed && selection.targets().isEmpty()) {
      ManyChoice.sayLeftOut(selection, spec);
      return nothing();
    }
    return many.each(selection, spec);
  }

  private int nothing() throws IOException {
    json.text().println("nothing to disarm: no agent is armed");
    return json.end(ExitCode.DONE, null);
  }

  /** Returns true if files of a living JVM could not be used: an agent may be armed. */
  private boolean isPassedOver(long pid, JvmEnd end) {
    List<String> skipped = end.isOver() ? List.of() : PlanControl.skipped(pid);
    skipped.forEach(one -> spec.commandLine().getErr().println("skipped: " + one));
    return !skipped.isEmpty();
  }

  private static Failure notArmed(long pid, JvmEnd end) {
    if (end.isOver()) {
      end.verdict().require();
    }
    return new Failure(
        "JVM %d is not armed; allocmem list shows armed JVMs, and -javaagent:allocmem-agent.jar=armed arms a JVM at its start"
            .formatted(pid));
  }

  private void disarm(long pid, ArmedControl armed, JvmEnd end) throws IOException {
    SentRequest request = armed.send(ArmedRequest.DISARM, "", VALID_MILLIS);
    String answer = request.await(TIMEOUT_MILLIS);
    if (answer == null) {
      if (end.isOver()) {
        requireWanted(end);
        return;
      }
      throw new Failure(
          ExitCode.SHORT,
          "the armed agent of JVM %d has not answered for %d s: the JVM may be stopped or collecting; the JVM is disarmed when it runs again"
              .formatted(pid, TIMEOUT_MILLIS / 1000));
    }
    if (answer.startsWith("refused: ")) {
      throw new Failure("the agent in " + pid + " " + answer);
    }
    awaitGone(pid);
    json.text().printf("JVM %d: disarmed%n", pid);
    sayHeld(pid);
  }

  /** Ends with the cause of the end of the JVM, unless the end is as good as a disarming. */
  private void requireWanted(JvmEnd end) {
    if (!ifArmed) {
      end.verdict().require();
    }
    json.text().println("nothing to disarm: the JVM has ended");
  }

  /** Names the held plans. The JVM is disarmed, also if the JVM ends now. */
  private void sayHeld(long pid) {
    try {
      StatusReport held = StatusReport.of(pid);
      json.plans(held.plans());
      if (held.isAnythingHeld(name -> true)) {
        json.text().println(held.toHeld(name -> true));
      }
    } catch (IOException | Failure endedOrLate) {
      json.plans(List.of());
    }
  }

  /** Waits until the file of the agent is removed. */
  private static void awaitGone(long pid) {
    long start = System.nanoTime();
    while (ArmedState.of(pid) != null) {
      if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
        throw new Failure(
            ExitCode.SHORT,
            "the armed agent of JVM %d has answered, and its file is still there: try again"
                .formatted(pid));
      }
      PlanControl.pause();
    }
  }
}
