package io.allocmem.launcher.process;

import io.allocmem.control.Printable;

/**
 * An error for the user, with cause and remedy in one or two plain lines. Ends a command with an
 * exit code other than 0.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  /** Takes cause and remedy as a sentence without a full stop. */
  public Failure(String sentence) {
    this(ExitCode.FAILED, sentence);
  }

  /** Ends the command with that exit code. */
  public Failure(ExitCode exitCode, String sentence) {
    super(Printable.of(sentence));
    this.exitCode = exitCode;
  }

  /** Keeps the causing exception for {@code --verbose}; null for none. */
  public Failure(String sentence, Throwable cause) {
    super(Printable.of(sentence), cause);
    this.exitCode = ExitCode.FAILED;
  }

  /** Returns the exit code of the command. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
