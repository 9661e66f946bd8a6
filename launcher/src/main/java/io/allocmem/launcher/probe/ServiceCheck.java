package io.allocmem.launcher.probe;

import java.io.Closeable;

/**
 * A service's own check. Used by one thread; any thread may close the check. Text of the service is
 * bounded, but not yet fit for a terminal.
 */
public interface ServiceCheck extends Closeable {
  /**
   * Runs the check once, and returns the reason of the failure; null if the service passes.
   *
   * @throws InterruptedException if the thread is interrupted; the check has ended by then
   */
  String failure() throws InterruptedException;

  /** Ends a running check. */
  @Override
  default void close() {}
}
