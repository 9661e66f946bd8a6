package io.allocmem.launcher.process;

/**
 * Signals that stdout takes no more lines: the reader of the pipe has ended, or a file is full.
 * Ends a command that prints again and again; the command first releases its own plans.
 */
public final class OutputClosed extends RuntimeException {
  private static final long serialVersionUID = 1;

  public OutputClosed() {
    super("stdout is closed");
  }
}
