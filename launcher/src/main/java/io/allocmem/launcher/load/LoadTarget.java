package io.allocmem.launcher.load;

import io.allocmem.launcher.probe.HttpAddress;
import java.time.Duration;

/**
 * Service that a load client asks.
 *
 * @param address URL of each GET
 * @param timeout time from the intended start of a request after which the request has failed, 1 ms
 *     to 1 h
 */
public record LoadTarget(HttpAddress address, Duration timeout) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * @throws IllegalArgumentException with the rule, if the timeout is out of bounds
   */
  public LoadTarget {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the time limit of a request is 1ms to 1h");
    }
  }
}
