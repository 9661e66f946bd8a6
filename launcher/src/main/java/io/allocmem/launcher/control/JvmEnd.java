package io.allocmem.launcher.control;

import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.ExitStatus;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.OomKills;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * End of a JVM and its cause. Takes the evidence while the JVM lives: the count of OOM kills in the
 * cgroup, and the options that end a JVM at an OutOfMemoryError.
 */
public final class JvmEnd {
  private static final String EXIT = "ExitOnOutOfMemoryError";
  private static final String CRASH = "CrashOnOutOfMemoryError";
  private static final String COMMAND = "OnOutOfMemoryError";

  /** Exit code of HotSpot for {@link #EXIT}. */
  private static final int EXIT_CODE = 3;

  /** The shell and Java add the signal's number to this number. */
  private static final int SIGNALLED = 128;

  private static final int ABORTED = SIGNALLED + 6;

  /** Exit code of HotSpot for {@link #CRASH} with {@code -XX:-CreateCoredumpOnCrash}. */
  private static final int WITHOUT_CORE = 1;

  private static final int KILLED = SIGNALLED + 9;

  private final long pid;

  /** Finds the cgroup with an OOM kill since the first look; null without a kill. */
  private final Supplier<Path> killedIn;

  private final List<String> fatal;

  JvmEnd(long pid, Supplier<Path> killedIn, List<String> fatal) {
    this.pid = pid;
    this.killedIn = killedIn;
    this.fatal = fatal;
  }

  /** Takes the evidence of a living JVM. */
  public static JvmEnd of(long pid) {
    return of(pid, ForeignOptions.atStart(PerfData.of(pid), new LinuxProcess(pid)));
  }

  /** Takes the evidence of a living JVM with these options. */
  public static JvmEnd of(long pid, StartOptions options) {
    List<String> fatal =
        options.fatal().stream()
            .filter(option -> option.contains(EXIT) || endsOtherwise(option))
            .toList();
    return new JvmEnd(pid, OomKills.of(pid)::newIn, fatal);
  }

  /** A heap dump alone ends no JVM. */
  private static boolean endsOtherwise(String option) {
    return option.contains(CRASH) || option.contains("-XX:" + COMMAND) || !option.startsWith("-");
  }

  /** Returns true if the process has ended, even as a zombie. */
  public boolean isOver() {
    return LinuxProcess.isSupported()
        ? new LinuxProcess(pid).hasEnded()
        : ProcessHandle.of(pid).isEmpty();
  }

  /**
   * Returns the verdict on an ended JVM of somebody else. The exit code of such a JVM is known in
   * rare cases, so a SIGKILL without an OOM kill counts as an end here, with and without that code.
   */
  public Verdict verdict() {
    Path group = killedIn.get();
    if (group != null) {
      return killedByKernel(group);
    }
    boolean abrupt = hasLeftFiles();
    if (abrupt && !fatal.isEmpty()) {
      return killed("JVM %d ended without a shutdown, and has %s".formatted(pid, flags()));
    }
    OptionalInt exit = ExitStatus.of(pid);
    if (!abrupt && exit.isPresent()) {
      return ended(exit.getAsInt());
    }
    String cause =
        exit.isPresent() ? "exit code " + exit.getAsInt() : "a signal, a crash or a halt";
    String how = abrupt ? " without a shutdown: " + cause : "";
    return new Verdict(ExitCode.ENDED, "JVM %d has ended%s".formatted(pid, how));
  }

  /**
   * Returns the verdict on an ended child process with that exit code. The kernel kills with
   * SIGKILL: after another exit code, the kill in the cgroup was of another process.
   */
  public Verdict verdict(int exit) {
    Path group = exit == KILLED ? killedIn.get() : null;
    if (group != null) {
      return killedByKernel(group);
    }
    if (exit == KILLED) {
      return killed("JVM %d was killed (exit 137, SIGKILL), as by the OOM killer".formatted(pid));
    }
    if (isByFlag(exit)) {
      return killed(
          "JVM %d ended at an OutOfMemoryError (exit %d): it has %s".formatted(pid, exit, flags()));
    }
    return ended(exit);
  }

  private Verdict ended(int exit) {
    return new Verdict(ExitCode.ENDED, "JVM %d has ended with exit code %d".formatted(pid, exit));
  }

  private boolean isByFlag(int exit) {
    return exit == EXIT_CODE && has(EXIT)
        || (exit == ABORTED || exit == WITHOUT_CORE) && has(CRASH)
        || exit > SIGNALLED && has("-XX:" + COMMAND);
  }

  private boolean has(String flag) {
    return fatal.stream().anyMatch(option -> option.contains(flag));
  }

  private String flags() {
    return String.join(", ", fatal);
  }

  private Verdict killedByKernel(Path group) {
    return killed(
        "the kernel killed JVM %d for memory (OOM kill, counted in %s)%s"
            .formatted(pid, group, OomKills.figures(group)));
  }

  private static Verdict killed(String sentence) {
    return new Verdict(ExitCode.KILLED, sentence);
  }

  /** A JVM removes its control files at a shutdown, and leaves the files at an abrupt end. */
  private boolean hasLeftFiles() {
    boolean left = false;
    try {
      for (PlanControl plan : PlanControl.of(pid)) {
        plan.close();
        left = true;
      }
    } catch (Failure | IOException unreadable) {
      return left;
    }
    return left;
  }
}
