package io.allocmem.launcher.attach;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.launcher.control.ArmedControl;
import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.OwnMemory;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * Brings one plan into a JVM, by pid: to the armed agent there, or with a new agent. Returns the
 * agent's answer.
 */
public final class Injection {
  /** Time limit: an idle JVM answers in a quarter of a second; a stopped JVM never answers. */
  private static final int TIMEOUT_SECONDS = 5;

  private Injection() {}

  /**
   * Starts the plan in that JVM.
   *
   * @param way by {@link AttachPreconditions#require}
   * @param found armed agent that was found a moment ago; null to search for the agent
   * @return description of the plan, in the agent's words
   * @throws Failure if the attach is impossible, or if the agent refuses
   */
  @SuppressWarnings("try") // the lock is held, not used
  public static String start(long pid, HoldPlan asked, PlanWay way, ArmedControl found) {
    HoldPlan plan = OwnMemory.reserving(pid, asked);
    // twice the time limit of the launcher that holds the lock
    try (AttachLock lock = AttachLock.of(pid, 2 * TIMEOUT_SECONDS)) {
      AttachOutcome outcome = AttachOutcome.of(pid, plan, way);
      AttachResult result =
          way == PlanWay.ARMED
              ? new ArmedStart(outcome, lock.waited ? null : found).load(TIMEOUT_SECONDS)
              : attach(outcome);
      String answer = result.answer();
      if (answer.startsWith("accepted: ")) {
        if (way == PlanWay.ATTACH) { // the file of an armed agent names its JVM
          outcome.requireHeld();
        }
        return answer.substring("accepted: ".length());
      }
      if (answer.startsWith("refused: ")) {
        throw AttachPreconditions.refused(pid, answer.substring("refused: ".length()));
      }
      String started = result.heldBefore() ? null : startedWithoutAnswer(outcome, result);
      if (started != null) {
        return started;
      }
      throw outcome.unanswered(result.failure(), TIMEOUT_SECONDS);
    } catch (IOException e) {
      throw new Failure("cannot use the files of the attach: " + e.getMessage(), e);
    }
  }

  private static String startedWithoutAnswer(AttachOutcome outcome, AttachResult result)
      throws IOException {
    if (result.failure() instanceof TimeoutException) {
      outcome.releaseLate(); // an agent that has not read the jar by now does not start
      return null;
    }
    return outcome.findStarted();
  }

  private static AttachResult attach(AttachOutcome outcome) throws IOException {
    LinuxProcess target = new LinuxProcess(outcome.pid());
    String arguments = AgentArguments.print(outcome.plan());
    boolean heldBefore = outcome.isHeld();
    AttachResult first = attach(target, arguments, false);
    AttachResult result = first.isWithoutDoor() ? attach(target, arguments, true) : first;
    return heldBefore ? result.afterOther() : result;
  }

  private static AttachResult attach(LinuxProcess target, String arguments, boolean again)
      throws IOException {
    return Courier.isNeededFor(target)
        ? new CourierAttach(target).load(arguments, TIMEOUT_SECONDS, again)
        : new DirectAttach(target).load(arguments, TIMEOUT_SECONDS, again);
  }
}
