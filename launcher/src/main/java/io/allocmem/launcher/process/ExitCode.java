package io.allocmem.launcher.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Exit codes of all commands. Scripts depend on the numbers: a number keeps its meaning. */
public enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed, or refused"),
  USAGE(2, "wrong usage"),
  /** Without success, but without an error: the plan may still hold a part. */
  SHORT(
      3,
      "the plan did not reach what was asked: EXHAUSTED, GUARDED or out of time; knee below --expect"),
  ENDED(4, "the JVM has ended"),
  KILLED(5, "the JVM was killed for memory: OOM kill, exit 137, or a flag on OutOfMemoryError"),
  /** An answer, and no error: the service does not bear the plan. */
  STOPPED(6, "a stop condition or the service's own check released the plan"),
  /** As for a program that SIGPIPE ends. */
  OUTPUT_CLOSED(141, "the reader of stdout has ended, and the command follows");

  /**
   * Codes from best to worst, for a command on several JVMs: a success, no success without an
   * error, a service that suffered, an error that left the JVM alone, a JVM that has ended. The
   * order is not the order of the numbers: a script that accepts SHORT must not overlook a STOPPED,
   * and a script that expects STOPPED must not overlook a FAILED.
   */
  private static final List<ExitCode> BY_SEVERITY =
      List.of(DONE, SHORT, STOPPED, USAGE, FAILED, ENDED, KILLED, OUTPUT_CLOSED);

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** Returns the number, for the shell. */
  public int number() {
    return number;
  }

  /** Returns the meaning, for people. */
  public String meaning() {
    return meaning;
  }

  /** Returns the code with that number; {@link #FAILED} for another number. */
  public static ExitCode of(int number) {
    return BY_SEVERITY.stream().filter(code -> code.number == number).findFirst().orElse(FAILED);
  }

  /** Returns the worse code: for several JVMs, a command ends with the worst code. */
  public static ExitCode worst(ExitCode one, ExitCode other) {
    return BY_SEVERITY.indexOf(one) < BY_SEVERITY.indexOf(other) ? other : one;
  }

  /** Returns numbers and meanings, for the help of a command. */
  public static Map<String, String> table(ExitCode... codes) {
    Map<String, String> table = new LinkedHashMap<>();
    for (ExitCode code : codes) {
      table.put(Integer.toString(code.number), code.meaning);
    }
    return table;
  }
}
