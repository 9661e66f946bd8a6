package io.allocmem.launcher.knee;

import io.allocmem.launcher.load.LoadClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Request to stop, as at Ctrl+C: the search releases its plans and prints the steps so far, while
 * the end of the process waits.
 */
final class StopRequest implements AutoCloseable {
  /**
   * Longest delay of the end: an attach under way waits for another one, for 10 s at most, and may
   * take 10 s.
   */
  private static final long END_MILLIS = 25_000;

  private static final long SLICE_MILLIS = 100;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "end");
  private volatile boolean requested;
  private volatile LoadClient client;

  /** Signals that the process ends: nobody asks for a knee. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("stopped");
    }
  }

  /** Registers the shutdown hook. */
  void begin() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Names the client whose wait for late answers ends with the request. */
  void ends(LoadClient waiting) {
    client = waiting;
  }

  /** Requests the stop, and returns once the search is over, or after a time limit. */
  void request() {
    requested = true;
    if (client != null) {
      client.close();
    }
    try {
      done.await(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException over) {
      return;
    }
  }

  /** Returns normally unless the stop is requested. */
  void check() {
    if (requested) {
      throw new StoppedException();
    }
  }

  /** Waits, at most until the stop is requested. */
  void pause(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; left > 0; ) {
      check();
      TimeUnit.MILLISECONDS.sleep(Math.min(left, SLICE_MILLIS));
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    check();
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // the hook runs
    }
  }
}
