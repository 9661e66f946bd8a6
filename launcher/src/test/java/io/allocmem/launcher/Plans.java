package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.attach.Injection;
import io.allocmem.launcher.control.PlanControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Looks into a target's plans through its control file, within this JVM: fast and exact. */
final class Plans {
  private Plans() {}

  /** Starts a plan in it as attach does, within this JVM: tests that attach often are faster. */
  static void attach(Target target, String arguments) {
    try {
      Injection.start(target.pid(), AgentArguments.parse(arguments));
    } catch (InvalidArguments e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the plan is in that phase. */
  static Status await(Target target, Phase phase) {
    return await(target, "default", phase);
  }

  /** Waits until a named plan is in that phase. */
  static Status await(Target target, String name, Phase phase) {
    try {
      return Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> status(target, name), status -> status != null && status.phase == phase);
    } catch (ConditionTimeoutException e) {
      Status last = status(target, name);
      throw new AssertionError(
          "plan %s did not come to %s: %s; the target says: %s"
              .formatted(
                  name,
                  phase,
                  last == null
                      ? "gone"
                      : last.phase + " " + last.get(Reading.BLOCKS) + " " + last.message,
                  target.err()),
          e);
    }
  }

  /** Lets a named plan that waits begin, and returns its first answer when it holds all. */
  static Status fill(Target target, String name) {
    send(target, name, PlanCommand.RESUME);
    return await(target, name, Phase.HOLDING);
  }

  /** Tells a named plan. */
  static void send(Target target, String name, PlanCommand command) {
    for (PlanControl plan : PlanControl.of(target.pid())) {
      try (plan) {
        if (plan.name().equals(name)) {
          plan.send(command);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The plan's answer now; null when there is none. */
  static Status status(Target target) {
    return status(target, "default");
  }

  /** A named plan's answer now; null when there is none. */
  static Status status(Target target, String name) {
    Status status = null;
    for (PlanControl plan : PlanControl.of(target.pid())) {
      try (plan) {
        status = plan.name().equals(name) ? plan.status() : status;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return status;
  }

  /** Releases the plan and returns when nothing is held. */
  static void release(Target target) throws IOException {
    for (PlanControl plan : PlanControl.of(target.pid())) {
      try (plan) {
        plan.send(PlanCommand.RELEASE);
        Status status = plan.await(last -> last.phase.isOver(), 10_000);
        assertThat(status.phase).isEqualTo(Phase.RELEASED);
      }
    }
    awaitNoControlFile(target);
  }

  static void awaitNoControlFile(Target target) {
    awaitNoControlFile(target, Duration.ofSeconds(5));
  }

  static void awaitNoControlFile(Target target, Duration atMost) {
    Awaitility.await().atMost(atMost).until(() -> target.controlFiles().isEmpty());
  }
}
