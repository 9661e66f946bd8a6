package io.allocmem.launcher.many;

import java.io.IOException;

/**
 * Work on one of many JVMs, in steps. Between two steps the work needs no thread, so few threads
 * serve many JVMs. The steps of one work never run at the same time.
 */
public interface JvmWork {
  /**
   * Executes the next step.
   *
   * @return the outcome; null if a further step follows
   */
  Outcome step() throws IOException;

  /** Returns the time until the next step. */
  default long pauseMillis() {
    return 50;
  }

  /**
   * Ends the work early, as at Ctrl+C, after the running step. Releases everything that must not
   * outlive this process.
   *
   * @return the outcome; null if nothing was left to do
   */
  default Outcome end() throws IOException {
    return null;
  }
}
