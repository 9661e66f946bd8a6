package io.allocmem.status;

/**
 * A command from within this JVM, as JMX gives it: one at a time. Any thread puts it in and waits;
 * the plan's thread takes it and answers, and never waits, locks or allocates.
 */
final class Inbox {
  private volatile Command command = Command.NONE;

  /** The plan's thread's own: whether it has the command, and has not answered it yet. */
  private boolean taken;

  /** When the last command is answered. */
  void put(Command next) {
    command = next;
  }

  /** Whether a command waits for its answer. */
  boolean isPending() {
    return command != Command.NONE;
  }

  /** By the plan's thread: a new command, or {@link Command#NONE}. */
  Command take() {
    Command next = taken ? Command.NONE : command;
    taken = taken || next != Command.NONE;
    return next;
  }

  /** By the plan's thread: what it took is carried out, and published. */
  void answer() {
    if (taken) {
      taken = false;
      command = Command.NONE;
    }
  }
}
