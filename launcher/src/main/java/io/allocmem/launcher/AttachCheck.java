package io.allocmem.launcher;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether a process can be attached to, found out without a byte or a signal to it. Attaching
 * starts with a SIGQUIT, which ends a process that is no JVM, and makes a JVM that does not listen
 * print its threads on its stdout.
 */
final class AttachCheck {
  private static final String DISABLED = "-XX:+DisableAttachMechanism";

  private final long pid;
  private final LinuxProcess process;

  private AttachCheck(long pid) {
    this.pid = pid;
    this.process = new LinuxProcess(pid);
  }

  /**
   * Returns when the process can be attached to.
   *
   * @throws Failure with cause and remedy when it cannot
   */
  static void require(long pid) {
    AttachCheck check = new AttachCheck(pid);
    check.exists();
    if (LinuxProcess.isSupported()) {
      check.isOurs();
      check.isJvm();
      check.isRunning();
      check.listens();
    } else if (check.isUnlisted()) {
      throw new Failure("process " + pid + " is not a JVM of yours that can be attached to");
    }
  }

  private void exists() {
    if (pid <= 0) {
      throw new Failure(pid + " is not the pid of a process; allocmem list shows the JVMs");
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new Failure("there is no process " + pid + "; allocmem list shows the JVMs");
    }
  }

  private void isOurs() {
    String owner = process.user();
    String we = new LinuxProcess(ProcessHandle.current().pid()).user();
    if (!owner.equals(we)) {
      throw new Failure(
          "process %d belongs to user %s, you are %s; run it as that user: sudo -u %s allocmem …"
              .formatted(pid, owner, we, owner));
    }
  }

  private void isJvm() {
    if (process.state().equals("Z")) {
      throw new Failure("process " + pid + " has ended, its parent has not noticed yet (zombie)");
    }
    if (process.libjvm().isEmpty()) {
      throw new Failure(
          "process %d (%s) is not a JVM; allocmem list shows the JVMs"
              .formatted(pid, process.name()));
    }
  }

  private void isRunning() {
    if (process.state().equalsIgnoreCase("t")) {
      throw new Failure(
          "JVM %d is stopped (by a signal or a debugger); continue it first: kill -CONT %d"
              .formatted(pid, pid));
    }
  }

  private void listens() {
    if (isDisabled()) {
      throw new Failure(
          "JVM %d was started with %s; start it without, or with -javaagent:allocmem-agent.jar=…"
              .formatted(pid, DISABLED));
    }
    if (!process.catchesSigquit()) {
      throw new Failure(
          "JVM %d does not catch SIGQUIT: it is still starting (try again) or was started with -Xrs"
              .formatted(pid));
    }
  }

  private boolean isDisabled() {
    List<String> commandLine = process.commandLine();
    boolean said = commandLine.contains(DISABLED) || process.environment().contains(DISABLED);
    // the flag may stand in a file; a JVM with performance data says there whether it listens
    Path data = Path.of("/tmp", "hsperfdata_" + process.user(), Long.toString(pid));
    return said || (Files.exists(data) && isUnlisted());
  }

  private boolean isUnlisted() {
    String id = Long.toString(pid);
    return VirtualMachine.list().stream().noneMatch(jvm -> jvm.id().equals(id));
  }
}
