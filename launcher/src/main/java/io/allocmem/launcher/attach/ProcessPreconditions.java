package io.allocmem.launcher.attach;

import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.process.Couriers;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Remedy;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reasons why no plan can go into a process, whatever the way is, each with its remedy in one
 * sentence. The checks send no byte and no signal to the process.
 */
public final class ProcessPreconditions {
  /** Limit of JVMs in a message. */
  private static final int MOST_NAMED = 5;

  private final long pid;
  private final LinuxProcess process;

  private ProcessPreconditions(long pid) {
    this.pid = pid;
    this.process = new LinuxProcess(pid);
  }

  /**
   * Returns normally if the process is a JVM of this user that runs.
   *
   * @throws Failure with cause and remedy, if not
   */
  public static void require(long pid) {
    ProcessPreconditions diagnosis = new ProcessPreconditions(pid);
    diagnosis.exists();
    if (LinuxProcess.isSupported()) {
      diagnosis.isOurs();
      diagnosis.isJvm();
      diagnosis.isRunning();
    }
  }

  private void exists() {
    if (pid <= 0) {
      throw new Failure(pid + " is not the pid of a process; allocmem list shows the JVMs");
    }
    if (pid == ProcessHandle.current().pid()) {
      throw new Failure("process " + pid + " is this allocmem itself; " + Remedy.toSeeJvms());
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new Failure("there is no process " + pid + "; allocmem list shows the JVMs");
    }
    long leader = process.leader();
    if (leader != pid) { // a signal to a thread id would reach the process
      throw new Failure(
          "%d is a thread of process %d; attach to that: allocmem attach %2$d"
              .formatted(pid, leader));
    }
  }

  private void isOurs() {
    LinuxProcess self = LinuxProcess.self();
    if (self.uid() != 0 && process.uid() != self.uid()) {
      throw new Failure(
          "process %d belongs to user %s, you are %s; run it as that user: %s"
              .formatted(pid, process.user(), self.user(), Remedy.asUserOf(process)));
    }
  }

  private void isJvm() {
    if (process.state().equals("Z")) {
      throw new Failure("process " + pid + " has ended, its parent has not noticed yet (zombie)");
    }
    if (process.libjvm().isEmpty() && !process.isTraceable()) {
      throw Couriers.outOfReach(process, "process");
    }
    if (process.libjvm().isEmpty()) {
      throw new Failure(
          "process %d (%s) is not a JVM; %s".formatted(pid, process.name(), jvmsHere()));
    }
  }

  /** Names the JVMs of a container beside its first process, a shell or a pause container. */
  private String jvmsHere() {
    List<Candidate> jvms = pid == 1 ? Candidate.attachable() : List.of();
    if (jvms.isEmpty()) {
      return pid == 1 ? Remedy.toSeeJvms() : "allocmem list shows the JVMs";
    }
    return jvms.stream()
        .limit(MOST_NAMED)
        .map(one -> one.jvm().pid() + " " + one.jvm().main())
        .collect(Collectors.joining(", ", "give the pid of one: ", ""));
  }

  private void isRunning() {
    if (process.state().equalsIgnoreCase("t")) {
      throw new Failure(
          "JVM %d is stopped (by a signal or a debugger); continue it first: kill -CONT %d"
              .formatted(pid, pid));
    }
  }
}
