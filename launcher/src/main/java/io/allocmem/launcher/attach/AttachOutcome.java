package io.allocmem.launcher.attach;

import io.allocmem.control.PlanCommand;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.courier.AttachClient;
import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Outcome of an attach attempt that reached the JVM. Checks that the plan is in the intended JVM;
 * else gives cause and remedy in one sentence.
 */
record AttachOutcome(long pid, HoldPlan plan, MissingAnswer missing) {
  /** A plan with at most this duration may be over before the check. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  /** Time between the end of a JVM's connections and the end of its process. */
  private static final Duration ENDING = Duration.ofMillis(300);

  /** Time in which a JVM ends that has removed its control files, or that was killed. */
  private static final Duration SHUTDOWN = Duration.ofSeconds(2);

  /** An agent with all classes loaded starts its plan in a small part of this time. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /**
   * JDK 8 answers launchers of newer JDKs with numbers from InvocationAdapter.h instead of texts.
   */
  private static final String BAD_JAR_8 = "library: 100";

  private static final String NO_CLASS_PATH_8 = "library: 101";

  /** Exception text of JDK 8 for a success. */
  private static final String SUCCESS_8 = "(.*: )?0";

  private static final String START_FAILED_8 = "library: 102";

  /** Records the state before an attach; an armed agent mostly answers before this is done. */
  static AttachOutcome of(long pid, HoldPlan plan, PlanWay way) {
    MissingAnswer missing = new MissingAnswer(new LinuxProcess(pid), way);
    if (way == PlanWay.ATTACH) {
      missing.begin();
    }
    return new AttachOutcome(pid, plan, missing);
  }

  /**
   * Returns true if the JVM has a plan of that name. The start time in the control file identifies
   * the JVM.
   */
  boolean isHeld() throws IOException {
    boolean held = false;
    for (PlanControl found : PlanControl.of(pid)) {
      try (found) {
        held |= found.name().equals(plan.name());
      }
    }
    return held;
  }

  /**
   * Checks, after an agent accepted, that the agent is in the intended JVM.
   *
   * @throws Failure if the agent is in another JVM; a plan found there is released first
   */
  void requireHeld() throws IOException {
    if (isHeld()) {
      return;
    }
    if (release(PlanControl.ofOtherJvmsWithPid(pid))) {
      throw new Failure(
          "the agent went into another JVM with the pid and the /tmp of JVM %d, and was released there; give each JVM a /tmp of its own"
              .formatted(pid));
    }
    if (hasEnded()) {
      throw ended();
    }
    if (mayBeOver()) {
      return;
    }
    if (endsWithin(SHUTDOWN)) {
      throw ended();
    }
    throw new Failure(
        "the agent accepted, but JVM %d does not hold plan %s: another JVM with its pid and /tmp may; allocmem list shows where, release it there"
            .formatted(pid, plan.name()));
  }

  private boolean hasEnded() {
    return LinuxProcess.isSupported()
        ? new LinuxProcess(pid).hasEnded() // also as a zombie
        : ProcessHandle.of(pid).isEmpty();
  }

  /** Waits: a JVM that is killed breaks its connections before its process ends. */
  private boolean endsWithin(Duration limit) {
    long start = System.nanoTime();
    while (!hasEnded() && System.nanoTime() - start < limit.toNanos()) {
      PlanControl.pause();
    }
    return hasEnded();
  }

  private Failure ended() {
    return new Failure(
        ExitCode.ENDED, "JVM " + pid + " ended meanwhile; allocmem list shows the JVMs");
  }

  /**
   * Looks for the plan after an attempt without an answer, if no plan of that name was held before.
   * Without a free descriptor or free space, an agent cannot write its answer, but may have started
   * the plan.
   *
   * @return plan and phase from the control file; null if no control file exists
   */
  String findStarted() throws IOException {
    String found = null;
    for (PlanControl candidate : PlanControl.of(pid)) {
      try (candidate) {
        Status status = candidate.status();
        HoldPlan started = status == null ? null : Versions.planOf(status);
        if (started != null
            && candidate.name().equals(plan.name())
            && Objects.equals(started.by(), plan.by())
            && candidate.isAlive()) {
          found =
              "%s (the answer was lost; the phase in the control file is %s)"
                  .formatted(started.toHuman(), candidate.phase(status));
        }
      }
    }
    return found;
  }

  /**
   * Releases the plan after an attempt was given up: an agent already on its way may still start
   * the plan.
   */
  void releaseLate() throws IOException {
    long deadline = System.nanoTime() + LATE.toNanos();
    while (!release(PlanControl.of(pid)) && System.nanoTime() - deadline < 0) {
      PlanControl.pause();
    }
  }

  private boolean mayBeOver() {
    boolean isShort = !plan.duration().isZero() && plan.duration().compareTo(SHORT) <= 0;
    return isShort
        || !plan.stopConditions().isEmpty()
        || plan.then() == AtLimit.RELEASE
        || plan.then() == AtLimit.RAMP_DOWN;
  }

  /** Releases the candidate that is this plan and alive; returns true if found. */
  private boolean release(Iterable<PlanControl> candidates) throws IOException {
    boolean found = false;
    for (PlanControl candidate : candidates) {
      try (candidate) {
        if (candidate.name().equals(plan.name()) && candidate.isAlive()) {
          candidate.send(PlanCommand.RELEASE);
          candidate.await(status -> status.phase.isOver(), SHORT.toMillis());
          found = true;
        }
      }
    }
    return found;
  }

  /**
   * Returns the error for an attempt without an answer.
   *
   * @param failure exception of the attempt; null if the attempt ended well
   */
  Failure unanswered(Exception failure, int seconds) {
    if (failure instanceof TimeoutException ? hasEnded() : endsWithin(ENDING)) {
      return ended();
    }
    if (failure instanceof Failure explained) {
      return explained;
    }
    if (missing.isOutOfDescriptors()) {
      return new Failure("JVM %d: %s".formatted(pid, missing.outOfDescriptors()), failure);
    }
    if (failure == null || String.valueOf(rootOf(failure).getMessage()).matches(SUCCESS_8)) {
      return new Failure(
          "the agent in %d gave no answer; see that JVM's stderr, and where the JVM has a security manager, grant java.security.AllPermission to file:/tmp/- in its policy"
              .formatted(pid),
          failure);
    }
    LinuxProcess process = new LinuxProcess(pid);
    boolean late = failure instanceof TimeoutException;
    if (late && missing.way() == PlanWay.ARMED) {
      return new Failure(late(seconds) + "; the request was withdrawn", failure);
    }
    if (new AttachThread(process).isThere() && !AttachSocket.exists(process)) {
      return new Failure(
          "JVM %d listens at /tmp/.java_pid%d, and that file was removed; restart the JVM, and exclude .java_pid* from the cleaning of its /tmp"
              .formatted(pid, process.pidInside()),
          failure);
    }
    return new Failure(late ? late(seconds) : explained(rootOf(failure)), failure);
  }

  private String late(int seconds) {
    String cause = missing.cause();
    String any = "it is in a long collection, stopped or short of memory; try again";
    return "JVM %d did not answer within %d s: %s"
        .formatted(pid, seconds, cause == null ? any : cause);
  }

  /** Explains the JVM's own answer, in the wording of the JDK's attach client. */
  private String explained(Throwable root) {
    String words = String.valueOf(root.getMessage());
    if (words.contains("not enabled")) {
      return "JVM %d loads no agents (%s); %s".formatted(pid, words, AttachPreconditions.WITHOUT);
    }
    if (words.contains("JAR not found") || words.endsWith(BAD_JAR_8)) {
      return "JVM %d cannot read the agent's jar in its /tmp; the directory may have been cleaned or replaced; try again"
          .formatted(pid);
    }
    if (words.contains("to system class path") || words.endsWith(NO_CLASS_PATH_8)) {
      return "JVM %d has a system class loader of its own (-Djava.system.class.loader), which takes no jar at run time: give it a method appendToClassPathForInstrumentation(String), or start the JVM without it"
          .formatted(pid);
    }
    if (words.contains("java.instrument not found")) {
      return "JVM %d is a runtime without the module java.instrument, which agents need; link the runtime with that module (jlink --add-modules java.instrument,…), or run the service with a JDK"
          .formatted(pid);
    }
    if (words.contains("instrument was not loaded") || words.contains("libinstrument.so")) {
      return AttachPreconditions.jdkGone(pid);
    }
    if (words.contains(AttachClient.TOO_LONG)) {
      return "%s, and JVM %d takes no more (JDK 24 and newer do): shorten the path of the log, or the name"
          .formatted(words, pid);
    }
    if (words.contains("failed to initialize") || words.endsWith(START_FAILED_8)) {
      return "JVM %d has loaded the agent but could not start it; see that JVM's stderr"
          .formatted(pid);
    }
    return "cannot attach to %d: %s".formatted(pid, root.getMessage() == null ? root : words);
  }

  static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }
}
