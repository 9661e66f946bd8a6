package io.allocmem.allocator;

import java.io.Closeable;
import java.io.IOException;

/** Closing of resources while other threads keep the heap full. */
final class Closing {
  private static final int MOST_REFUSALS = 10;

  private Closing() {}

  /**
   * Closes a resource of a plan that is over. Closing allocates. Other threads may have taken the
   * released memory, or keep the heap full. Attempts therefore continue after each
   * OutOfMemoryError, at growing intervals. After ten other refusals, the kernel closes the
   * resource with the process.
   */
  static void close(Closeable one, Ticker ticker) {
    int refused = 0;
    for (long pause = 10_000_000; refused < MOST_REFUSALS; pause = Math.min(pause * 2, 1L << 30)) {
      try {
        one.close();
        return;
      } catch (IOException | RuntimeException again) { // a security manager denies the removal
        refused++;
      } catch (OutOfMemoryError full) {
        refused = 0;
      }
      ticker.park(pause);
    }
  }
}
