package io.allocmem.launcher;

import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Commands that need no parser: {@code list} and {@code status PID}, and {@code attach PID} with
 * the options of a plan. On JDK 25 the parser takes half of the time of these commands, which a
 * script may call for each JVM.
 */
enum PlainCommand {
  LIST,
  STATUS,
  ATTACH;

  /** Returns the command of exactly these words; null if the words need the parser. */
  static PlainCommand of(String... words) {
    return switch (words.length == 0 ? "" : words[0]) {
      case "list", "ps", "ls" -> words.length == 1 ? LIST : null;
      case "status" -> words.length == 2 && PlanWords.isPid(words[1]) ? STATUS : null;
      case "attach" -> PlanWords.of(words) != null ? ATTACH : null;
      default -> null;
    };
  }

  /**
   * Executes the command as the parsed command does, and returns the exit code. Returns null
   * without any effect if the parsed command must refuse the words.
   */
  Integer execute(String[] words, PrintWriter out, PrintWriter err) throws IOException {
    return switch (this) {
      case LIST -> ListCommand.list(false, out, err);
      case STATUS -> StatusCommand.status(Long.parseLong(words[1]), out, err);
      case ATTACH -> attach(PlanWords.of(words), out);
    };
  }

  private static Integer attach(PlanWords words, PrintWriter out) throws IOException {
    HoldPlan plan = words.plan();
    if (plan == null) {
      return null;
    }
    try (PlanStart start = PlanStart.check(words.pid(), plan)) {
      if (LargePlan.objection(plan, words.pid()) != null) {
        return null;
      }
      start.start(out);
      start.sayResume(out);
      start.sayRenew(out);
      return ExitCode.DONE.number();
    }
  }
}
