package io.allocmem.launcher.attach;

import com.sun.tools.attach.VirtualMachine;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.ArmedControl;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.Couriers;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.launcher.process.Remedy;
import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reasons why an attach to a process is impossible, each with its remedy in one sentence.
 *
 * <p>The checks send no byte and no signal to the process, as far as possible. An attach starts
 * with a SIGQUIT. SIGQUIT ends a process other than a JVM. A JVM that does not listen would print
 * its threads on stdout.
 */
public final class AttachPreconditions {
  /** Capabilities in performance data, one character each; the first is for attach. */
  private static final String CAPABILITIES = "sun.rt.jvmCapabilities";

  static final String WITHOUT = "start it without, or with -javaagent:allocmem-agent.jar=…";

  private final long pid;
  private final LinuxProcess process;

  private AttachPreconditions(long pid) {
    this.pid = pid;
    this.process = new LinuxProcess(pid);
  }

  /**
   * Returns the armed agent that takes a plan for the process; null if a plan goes in by an attach.
   * The caller closes the result.
   *
   * @throws Failure with cause and remedy, if no way is possible
   */
  public static ArmedControl require(long pid) {
    ProcessPreconditions.require(pid);
    ArmedControl armed = armed(pid);
    if (armed == null) {
      requireAttach(pid);
    }
    return armed;
  }

  /**
   * Returns null for unreadable files: the checks of an attach name the cause. Files that do not
   * answer in time are no reason for a signal to the JVM.
   */
  private static ArmedControl armed(long pid) {
    try {
      return ArmedControl.find(pid);
    } catch (Failure unreadable) {
      if (unreadable.getCause() instanceof ForeignFiles.LateException) {
        throw unreadable;
      }
      return null;
    }
  }

  /**
   * Returns normally if the JVM accepts an attach.
   *
   * @throws Failure with cause and remedy, if not
   */
  public static void requireAttach(long pid) {
    try {
      new AttachPreconditions(pid).canAttach();
    } catch (Failure obstacle) {
      String skipped = ArmedControl.skipped(pid);
      throw skipped == null
          ? obstacle
          : new Failure(
              "%s; the armed agent was passed over: %s".formatted(obstacle.getMessage(), skipped),
              obstacle);
    }
  }

  private void canAttach() {
    if (LinuxProcess.isSupported()) {
      hasItsJdk();
      listens();
      hasTemporary();
      new AttachSocket(process).requireOwn();
    } else {
      hasClient();
      isListed();
    }
    hasNoOtherVersion();
  }

  private static void hasClient() {
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new Failure(
          "the Java runtime of this launcher, %s, has no module jdk.attach; run allocmem with a JDK, or as its bundle"
              .formatted(System.getProperty("java.home")));
    }
  }

  /**
   * Requires the JVM's own JDK: an agent needs a JDK library, and a replaced JDK may have another
   * version.
   */
  private void hasItsJdk() {
    if (process.isLibjvmDeleted() || isJdkMoved()) {
      throw new Failure(jdkGone(pid));
    }
  }

  /**
   * Returns true if the JDK directory was moved. For a moved libjvm.so the kernel shows the new
   * path; only the JVM still knows the old path.
   */
  private boolean isJdkMoved() {
    String home = PerfData.of(pid).map(data -> data.text("java.property.java.home")).orElse("");
    if (!home.startsWith("/")) {
      return false;
    }
    try {
      ForeignFiles.of(pid).facts(Path.of(process.root() + home));
      return false;
    } catch (NoSuchFileException moved) {
      return true;
    } catch (IOException | InvalidPathException unreadable) {
      return false;
    }
  }

  private void listens() {
    Optional<PerfData> data = PerfData.of(pid);
    StartOptions options = ForeignOptions.atStart(data, process);
    boolean listening = new AttachThread(process).isThere() && AttachSocket.exists(process);
    if (!process.catchesSigquit() && !listening) { // a listening JVM needs no signal
      if (options.options().contains("-Xrs") || options.isOn("ReduceSignalUsage")) {
        throw startedWith("-Xrs", " and does not catch SIGQUIT");
      }
      throw new Failure(
          "JVM %d does not catch SIGQUIT: it is still starting (try again) or was started with -Xrs"
              .formatted(pid));
    }
    boolean disabled = data.map(perf -> perf.text(CAPABILITIES).startsWith("0")).orElse(false);
    if (disabled || options.isOn("DisableAttachMechanism")) {
      throw startedWith("-XX:+DisableAttachMechanism", "");
    }
    if (PerfData.isBeingMade(pid)) {
      throw new Failure("JVM %d is still starting; try again".formatted(pid));
    }
    if (options.isOff("EnableDynamicAgentLoading")) {
      throw startedWith("-XX:-EnableDynamicAgentLoading", "");
    }
  }

  private Failure startedWith(String option, String effect) {
    return new Failure("JVM %d was started with %s%s; %s".formatted(pid, option, effect, WITHOUT));
  }

  private void isListed() {
    String id = Long.toString(pid);
    if (VirtualMachine.list().stream().noneMatch(jvm -> jvm.id().equals(id))) {
      throw new Failure("process " + pid + " is not a JVM of yours that can be attached to");
    }
  }

  /**
   * Requires {@code /tmp}: the JVM creates its socket there, and the launcher puts the agent's jar
   * there.
   */
  private void hasTemporary() {
    Path temporary = process.temporary();
    try {
      if (!ForeignFiles.of(pid).facts(temporary).isDirectory()) {
        throw new NotDirectoryException(temporary.toString());
      }
    } catch (AccessDeniedException closed) {
      throw Couriers.outOfReach(process, "JVM");
    } catch (IOException noDirectory) {
      throw new Failure(
          "JVM %d has no directory /tmp, where a JVM listens; %s, or start the JVM with -javaagent:allocmem-agent.jar=…"
              .formatted(pid, Remedy.forTemporary("make it (mkdir -m 1777 /tmp there)")),
          noDirectory);
    }
    if (!canWrite(temporary)) {
      throw unwritable(pid, null);
    }
  }

  /** Returns true if access is denied: the later write as the JVM's user shows the result. */
  private static boolean canWrite(Path temporary) {
    try {
      return ForeignFiles.here().isWritable(temporary);
    } catch (AccessDeniedException closed) {
      return true;
    } catch (IOException doesNotAnswer) {
      return false;
    }
  }

  /**
   * Requires one agent version: one agent holds all plans of a JVM. A newer agent can enter after
   * the last plan is over.
   */
  private void hasNoOtherVersion() {
    String ours = Versions.ours();
    for (PlanControl plan : PlanControl.of(pid)) {
      try (plan) {
        Status status = plan.status();
        boolean held = status != null && plan.isAlive() && !status.phase.isOver();
        if (held && ours != null && !ours.equals(status.agentVersion)) {
          throw new Failure(
              "agent %s is inside JVM %d already, this launcher brings agent %s; release the plans of that agent first (allocmem release %d), or use the launcher of that agent"
                  .formatted(status.agentVersion, pid, ours, pid));
        }
      } catch (IOException gone) {
        continue; // released meanwhile
      }
    }
  }

  /**
   * Returns the error for an unwritable {@code /tmp}: no place for the JVM's socket and the agent's
   * jar.
   */
  static Failure unwritable(long pid, IOException cause) {
    return new Failure(
        "/tmp of JVM %d cannot be written to (read-only, full, or not for its user); %s, or start the JVM with -javaagent:allocmem-agent.jar=…"
            .formatted(pid, Remedy.forTemporary("make it writable")),
        cause);
  }

  /**
   * Returns the error for a removed JDK. If performance data has no JDK directory, only the JVM's
   * own answer shows this cause.
   */
  static String jdkGone(long pid) {
    return "the JDK of JVM %d was removed or replaced while the JVM runs, and agents need more of that JDK; restart the JVM, or start it with -javaagent:allocmem-agent.jar=…"
        .formatted(pid);
  }

  /** Returns the error for an agent that entered the JVM and refused the plan. */
  static Failure refused(long pid, String sentence) {
    return new Failure("the agent in " + pid + " refused: " + sentence);
  }
}
