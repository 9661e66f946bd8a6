package io.allocmem.launcher;

/**
 * Something that could not be done, told in one or two plain lines: the cause and the remedy. Ends
 * a command with exit code 1.
 */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String sentence) {
    super(sentence);
  }

  Failure(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
