package io.allocmem.launcher;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * Commands without an option: {@code list} and {@code status PID}. Their words need no parser. On
 * JDK 25 the parser takes half of the time of these commands, which a script may call for each JVM.
 */
enum PlainCommand {
  LIST,
  STATUS;

  /** Digits of a pid, as in {@code JavaProcess.pidOf}. */
  private static final int MOST_DIGITS = 18;

  /** Returns the command of exactly these words; null if the words need the parser. */
  static PlainCommand of(String... words) {
    String name = words.length == 0 ? "" : words[0];
    boolean lists = name.equals("list") || name.equals("ps") || name.equals("ls");
    if (lists && words.length == 1) {
      return LIST;
    }
    return name.equals("status") && words.length == 2 && isNumber(words[1]) ? STATUS : null;
  }

  private static boolean isNumber(String word) {
    boolean number = !word.isEmpty() && word.length() <= MOST_DIGITS;
    for (int i = 0; i < word.length(); i++) {
      number &= word.charAt(i) >= '0' && word.charAt(i) <= '9';
    }
    return number;
  }

  /** Executes the command as the parsed command does, and returns the exit code. */
  int execute(String[] words, PrintWriter out, PrintWriter err) throws IOException {
    return this == LIST
        ? ListCommand.list(false, out, err)
        : StatusCommand.status(Long.parseLong(words[1]), out, err);
  }
}
