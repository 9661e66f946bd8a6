package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.status.Command;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Looks into a target's only plan through its control file, within this JVM: fast and exact. */
final class Plans {
  private Plans() {}

  /** Waits until the plan is in that phase. */
  static Status await(Target target, Phase phase) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> status(target), status -> status != null && status.phase == phase);
  }

  /** The plan's answer now; null when there is none. */
  static Status status(Target target) {
    Status status = null;
    for (PlanControl plan : PlanControl.of(target.pid())) {
      try (plan) {
        status = plan.status();
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
        plan.send(Command.RELEASE);
        Status status = plan.await(last -> last.phase.isOver(), 10_000);
        assertThat(status.phase).isEqualTo(Phase.RELEASED);
      }
    }
    awaitNoControlFile(target);
  }

  static void awaitNoControlFile(Target target) {
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> target.controlFiles().isEmpty());
  }
}
