package io.allocmem.launcher.control;

import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;

/**
 * Result of a plan or a JVM, for scripts and people.
 *
 * @param sentence cause, without a full stop; null for a success
 */
public record Verdict(ExitCode code, String sentence) {
  /** The plan reached what was asked. */
  public static final Verdict DONE = new Verdict(ExitCode.DONE, null);

  /**
   * Returns normally for a success.
   *
   * @throws Failure with the exit code and the sentence otherwise
   */
  public void require() {
    if (code != ExitCode.DONE) {
      throw new Failure(code, sentence);
    }
  }
}
