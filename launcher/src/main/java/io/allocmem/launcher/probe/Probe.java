package io.allocmem.launcher.probe;

import io.allocmem.control.Printable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs a service's check at an interval, in a thread of its own: a check delays no renewal of a
 * lease, and no check overlaps another. Ends at the failure that is too many.
 */
public final class Probe implements AutoCloseable {
  /** Receives the news of a probe, in the probe's thread. */
  public interface Listener {
    /** Takes a sentence about a failed check. */
    void failed(String sentence);

    /**
     * Takes the sentence about too many failures in a row; returns false if the failures do not
     * count, as after the end of the JVM.
     */
    boolean stop(String sentence);
  }

  /** Time for the end of a running check. */
  private static final long END_MILLIS = 2_000;

  private final ServiceCheck check;
  private final Duration every;
  private final FailureCount count;
  private final Listener listener;
  private final Thread thread = new Thread(this::run, "probe");
  private volatile boolean closed;

  private Probe(ServiceCheck check, Duration every, FailureCount count, Listener listener) {
    this.check = check;
    this.every = every;
    this.count = count;
    this.listener = listener;
  }

  /**
   * Starts the probe. The first check comes after the first interval.
   *
   * @param check closed with the probe
   */
  public static Probe start(
      ServiceCheck check, Duration every, FailureCount count, Listener listener) {
    Probe probe = new Probe(check, every, count, listener);
    count.reset();
    probe.thread.setDaemon(true);
    probe.thread.start();
    return probe;
  }

  private void run() {
    long due = System.nanoTime();
    try {
      do {
        due = Math.max(due + every.toNanos(), System.nanoTime());
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      } while (!closed && goesOn(failure()));
    } catch (InterruptedException end) {
      return;
    }
  }

  /** A check that cannot run counts as a failure: nobody looks after the service then. */
  private String failure() throws InterruptedException {
    try {
      return check.failure();
    } catch (RuntimeException | OutOfMemoryError e) { // as without room for a further thread
      return "the check cannot run: " + Printable.name(String.valueOf(e.getMessage()));
    }
  }

  private boolean goesOn(String failure) {
    boolean tooMany = count.add(failure);
    if (closed) {
      return false;
    }
    if (failure != null && !tooMany) {
      listener.failed(count.toHuman());
    }
    return !tooMany || !listener.stop(count.toHuman());
  }

  /** Ends the probe, and a running check: nothing of a command is left. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    check.close();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
