package io.allocmem.control;

/**
 * Command from inside this JVM, for example from JMX: a single command at a time. Any thread puts a
 * command and waits. The plan's thread takes and answers the command, and never waits, locks or
 * allocates.
 */
final class Inbox {
  private volatile PlanCommand command = PlanCommand.NONE;

  /**
   * True while the plan's thread has the command and has not answered yet. Used by the plan's
   * thread alone.
   */
  private boolean taken;

  /** Puts a command. Call only after the answer to the last command. */
  void put(PlanCommand next) {
    command = next;
  }

  /** Returns whether a command waits for its answer. */
  boolean isPending() {
    return command != PlanCommand.NONE;
  }

  /** Returns a new command, or {@link PlanCommand#NONE}. Called by the plan's thread. */
  PlanCommand take() {
    PlanCommand next = taken ? PlanCommand.NONE : command;
    taken = taken || next != PlanCommand.NONE;
    return next;
  }

  /**
   * Answers the command taken before, after execution and publication. Called by the plan's thread.
   */
  void answer() {
    if (taken) {
      taken = false;
      command = PlanCommand.NONE;
    }
  }
}
