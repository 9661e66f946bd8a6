package io.allocmem.launcher.process;

import io.allocmem.control.Printable;

/**
 * An error for the user, with cause and remedy in one or two plain lines. Ends a command with exit
 * code 1.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Takes cause and remedy as a sentence without a full stop. */
  public Failure(String sentence) {
    super(Printable.of(sentence));
  }

  /** Keeps the causing exception for {@code --verbose}; null for none. */
  public Failure(String sentence, Throwable cause) {
    super(Printable.of(sentence), cause);
  }
}
