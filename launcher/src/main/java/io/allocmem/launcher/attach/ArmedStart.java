package io.allocmem.launcher.attach;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ControlLayout;
import io.allocmem.launcher.control.ArmedControl;
import io.allocmem.launcher.control.SentRequest;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Start of a plan by an armed agent: the plan goes through the agent's file.
 *
 * @param found agent that was found a moment ago, in no other launcher's turn; null to search
 */
record ArmedStart(AttachOutcome outcome, ArmedControl found) {
  /** An idle JVM answers in a small part of this time. */
  private static final long SOON_MILLIS = 250;

  /** Sends the plan, and withdraws the plan if the agent gives no answer in time. */
  AttachResult load(int seconds) throws IOException {
    String plan = AgentArguments.print(outcome.plan());
    requireShort(plan);
    if (found != null) {
      return load(plan, found, seconds);
    }
    try (ArmedControl armed = ArmedControl.find(outcome.pid())) {
      return armed == null ? new AttachResult("", disarmed()) : load(plan, armed, seconds);
    }
  }

  private AttachResult load(String plan, ArmedControl armed, int seconds) throws IOException {
    long millis = TimeUnit.SECONDS.toMillis(seconds);
    SentRequest request = armed.send(ArmedRequest.START, plan, millis);
    String answer = request.await(SOON_MILLIS);
    if (answer == null) {
      outcome.missing().begin();
      answer = request.await(millis - SOON_MILLIS);
    }
    if (answer == null) {
      answer = request.withdraw();
    }
    AttachResult result =
        answer == null
            ? new AttachResult("", new TimeoutException())
            : new AttachResult(answer, answer.isEmpty() ? lost() : null);
    return armed.hadPlan(outcome.plan().name()) ? result.afterOther() : result;
  }

  private static void requireShort(String plan) {
    int length = plan.getBytes(StandardCharsets.UTF_8).length;
    if (length > ControlLayout.ARGUMENTS_BYTES) {
      throw new Failure(
          "the plan takes %d bytes as text, and an agent reads %d: shorten the path of the log"
              .formatted(length, ControlLayout.ARGUMENTS_BYTES));
    }
  }

  private Failure disarmed() {
    return new Failure(
        "JVM %d was disarmed meanwhile (by allocmem disarm, or at the end of its ttl); try again"
            .formatted(outcome.pid()));
  }

  private Failure lost() {
    return new Failure(
        "the answer of the armed agent in JVM %d was lost: another launcher sent a request at the same time; allocmem status %1$d shows the plans"
            .formatted(outcome.pid()));
  }
}
