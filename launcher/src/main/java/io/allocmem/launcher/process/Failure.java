package io.allocmem.launcher.process;

import io.allocmem.control.Printable;

/**
 * Something that could not be done, told in one or two plain lines: the cause and the remedy. Ends
 * a command with exit code 1.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says the cause and the remedy, without a full stop. */
  public Failure(String sentence) {
    super(Printable.of(sentence));
  }

  /** Keeps the exception behind it for {@code --verbose}; null for none. */
  public Failure(String sentence, Throwable cause) {
    super(Printable.of(sentence), cause);
  }
}
