package io.allocmem.launcher.restart;

import java.io.IOException;

/** Output and clock of a loop that waits for restarts. */
public interface Console {
  /**
   * Prints a line.
   *
   * @throws io.allocmem.launcher.process.OutputClosed if nobody reads the output any more
   */
  void say(String line);

  /**
   * Waits.
   *
   * @param state line about the present state, for a person who asks, and for a silent pipe
   * @throws io.allocmem.launcher.process.OutputClosed if nobody reads the output any more
   */
  void await(String state, long millis) throws IOException, InterruptedException;

  /** Returns the time of a clock that never goes back, in milliseconds. */
  long millis();
}
