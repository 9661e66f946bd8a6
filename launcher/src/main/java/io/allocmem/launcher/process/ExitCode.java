package io.allocmem.launcher.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** Exit codes of all commands. Scripts depend on the numbers: a number keeps its meaning. */
public enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed, or refused"),
  USAGE(2, "wrong usage"),
  /** Without success, but without an error: the plan may still hold a part. */
  SHORT(3, "the plan did not reach what was asked: EXHAUSTED, GUARDED or out of time"),
  ENDED(4, "the JVM has ended"),
  KILLED(5, "the JVM was killed for memory: OOM kill, exit 137, or a flag on OutOfMemoryError"),
  /** As for a program that SIGPIPE ends. */
  OUTPUT_CLOSED(141, "the reader of stdout has ended, and the command follows");

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

  /** Returns numbers and meanings, for the help of a command. */
  public static Map<String, String> table(ExitCode... codes) {
    Map<String, String> table = new LinkedHashMap<>();
    for (ExitCode code : codes) {
      table.put(Integer.toString(code.number), code.meaning);
    }
    return table;
  }
}
