package io.allocmem.control;

/**
 * A command from within this JVM, as JMX gives it: one at a time. Any thread puts it in and waits;
 * the plan's thread takes it and answers, and never waits, locks or allocates.
 */
final class Inbox {
  private volatile PlanCommand command = PlanCommand.NONE;

  /** The plan's thread's own: whether it has the command, and has not answered it yet. */
  private boolean taken;

  /** When the last command is answered. */
  void put(PlanCommand next) {
    command = next;
  }

  /** Whether a command waits for its answer. */
  boolean isPending() {
    return command != PlanCommand.NONE;
  }

  /** By the plan's thread: a new command, or {@link PlanCommand#NONE}. */
  PlanCommand take() {
    PlanCommand next = taken ? PlanCommand.NONE : command;
    taken = taken || next != PlanCommand.NONE;
    return next;
  }

  /** By the plan's thread: what it took is carried out, and published. */
  void answer() {
    if (taken) {
      taken = false;
      command = PlanCommand.NONE;
    }
  }
}
