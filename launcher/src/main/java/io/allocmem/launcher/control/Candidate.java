package io.allocmem.launcher.control;

import io.allocmem.control.Status;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that a command without a PID may mean. A launcher of allocmem is no candidate. A JVM
 * without an answer in time is a candidate: a choice without that JVM would be a guess.
 *
 * @param held names and phases of the plans in the JVM, or its armed agent; {@code ?} without an
 *     answer
 */
public record Candidate(JavaProcess jvm, String held) {
  /** Time limit for the plans of all JVMs together. */
  private static final long LOOK_MILLIS = 500;

  /** Time limit for a command that works on many JVMs. */
  private static final long MANY_MILLIS = 5_000;

  private static final String UNKNOWN = "?";

  /** Prefix of the main classes of the launcher and of its helper processes. */
  private static final String LAUNCHER = "io.allocmem.launcher.";

  /** Returns the JVMs that this user may attach to. */
  public static List<Candidate> attachable() {
    return candidates(null);
  }

  /**
   * Returns the JVMs where this user may command a plan that is not over.
   *
   * @param plan name of the plan; null for any plan
   */
  public static List<Candidate> holding(String plan) {
    return held(candidates(plan));
  }

  /**
   * Returns those of the JVMs that hold a plan that is not over.
   *
   * @param plan name of the plan; null for any plan
   */
  public static List<Candidate> holding(List<JavaProcess> jvms, String plan) {
    return held(candidates(jvms, plan, MANY_MILLIS));
  }

  /** Returns the JVMs with an armed agent that this user may command. */
  public static List<Candidate> armed() {
    return armed(permitted(), LOOK_MILLIS);
  }

  /** Returns those of the JVMs that have an armed agent. */
  public static List<Candidate> armed(List<JavaProcess> jvms) {
    return armed(jvms, MANY_MILLIS);
  }

  private static List<Candidate> armed(List<JavaProcess> jvms, long millis) {
    return held(
        TimeLimit.each(
            millis,
            jvms,
            jvm -> new Candidate(jvm, armed(jvm.pid())),
            jvm -> new Candidate(jvm, UNKNOWN)));
  }

  private static String armed(long pid) {
    try {
      ArmedState armed = ArmedState.of(pid);
      return armed == null ? "" : "armed: " + armed.toHuman();
    } catch (Failure unreadable) {
      return UNKNOWN;
    }
  }

  private static List<Candidate> held(List<Candidate> candidates) {
    return candidates.stream().filter(jvm -> !jvm.held.isEmpty()).toList();
  }

  private static List<Candidate> candidates(String plan) {
    return candidates(permitted(), plan, LOOK_MILLIS);
  }

  private static List<JavaProcess> permitted() {
    String own = fileOf(nameOfSelf());
    return JavaProcess.all().stream()
        .filter(jvm -> !isLauncher(jvm.main(), own) && isPermitted(jvm.pid()))
        .toList();
  }

  private static List<Candidate> candidates(List<JavaProcess> jvms, String plan, long millis) {
    return TimeLimit.each(
        millis,
        jvms,
        jvm -> new Candidate(jvm, held(jvm.pid(), plan)),
        jvm -> new Candidate(jvm, UNKNOWN));
  }

  private static String nameOfSelf() {
    return JavaProcess.find(ProcessHandle.current().pid()).map(JavaProcess::main).orElse("");
  }

  /** Returns true for a process of allocmem itself. */
  public static boolean isLauncher(JavaProcess jvm) {
    return isLauncher(jvm.main(), fileOf(nameOfSelf()));
  }

  /**
   * Returns true for a process of allocmem itself, such as a live view in another terminal.
   *
   * @param own file name of this launcher's jar, or its main class
   */
  static boolean isLauncher(String main, String own) {
    String file = fileOf(main);
    return file.startsWith(LAUNCHER) || !own.isEmpty() && file.equals(own);
  }

  /** Returns the jar without its directory, or the main class without its module. */
  private static String fileOf(String main) {
    return main.substring(main.lastIndexOf('/') + 1);
  }

  /** Returns true for JVMs of this user, and for all JVMs if this user is root. */
  public static boolean isPermitted(long pid) {
    if (!LinuxProcess.isSupported()) {
      return true; // the JDK lists only JVMs of this user
    }
    int user = LinuxProcess.self().uid();
    return user == 0 || new LinuxProcess(pid).uid() == user;
  }

  private static String held(long pid, String plan) {
    List<String> held = new ArrayList<>();
    try {
      for (PlanControl control : PlanControl.of(pid)) {
        try (control) {
          Status status = control.status();
          boolean wanted = plan == null || control.name().equals(plan);
          if (wanted && status != null && !status.phase.isOver() && control.isAlive()) {
            held.add(control.name() + ": " + status.phase);
          }
        }
      }
      return String.join(", ", held);
    } catch (Failure | IOException unreadable) {
      return UNKNOWN;
    }
  }
}
