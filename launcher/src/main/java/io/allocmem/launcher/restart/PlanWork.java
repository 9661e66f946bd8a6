package io.allocmem.launcher.restart;

import java.io.IOException;

/** Work of a command on one JVM: the checks, the start and the hold of a plan. */
public interface PlanWork {
  /**
   * Returns the reason why the JVM, which is starting, cannot take the plan yet, as the end of a
   * sentence about the JVM; null for a JVM that is ready. Sends no byte and no signal to the JVM.
   */
  String notReady(long pid) throws InterruptedException;

  /** Waits a moment, and returns true if the process has ended by then. */
  boolean endsSoon(long pid);

  /**
   * Returns normally if the plan may start in the JVM. Sends no byte and no signal.
   *
   * @throws io.allocmem.launcher.process.Failure with cause and remedy, if not
   */
  void check(long pid) throws IOException;

  /**
   * Starts the plan in the JVM.
   *
   * @throws io.allocmem.launcher.process.Failure with cause and remedy, if the JVM does not answer,
   *     or the agent refuses
   */
  void start(long pid) throws IOException;

  /** Holds the started plan until plan or JVM have ended, or until this process must end. */
  Ending hold(long pid) throws IOException, InterruptedException;
}
