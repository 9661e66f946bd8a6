package io.allocmem.control;

/**
 * Commands to a plan from other threads of its JVM. Each method returns after the plan has carried
 * out the command. Reads the last record that the plan published.
 */
public final class InnerCommands {
  private static final long ANSWER_NANOS = 5_000_000_000L;
  private static final long RELEASE_NANOS = 60_000_000_000L;
  private static final long POLL_MILLIS = 5;

  private final String plan;
  private final ControlFile control;

  /** Connects to the plan of this control file. */
  public InnerCommands(String plan, ControlFile control) {
    this.plan = plan;
    this.control = control;
  }

  /** Pauses the plan: no more allocation. */
  public void pause() {
    tell(PlanCommand.PAUSE);
  }

  /** Continues the plan. */
  public void resume() {
    tell(PlanCommand.RESUME);
  }

  /** Makes the plan release everything and end. */
  public void release() {
    tell(PlanCommand.RELEASE);
    for (long start = System.nanoTime(); !status().phase.isOver(); nap()) {
      requireWithin(start, RELEASE_NANOS);
    }
  }

  private synchronized void tell(PlanCommand command) {
    awaitAnswer(); // to an earlier command without an answer in time
    control.inbox().put(command);
    awaitAnswer();
  }

  private void awaitAnswer() {
    long start = System.nanoTime();
    while (control.inbox().isPending() && !status().phase.isOver()) {
      requireWithin(start, ANSWER_NANOS);
      nap();
    }
  }

  /**
   * Returns the last record. Waits while a record is torn, for the microseconds of the next write.
   */
  public Status status() {
    Status status = control.published();
    for (long start = System.nanoTime(); status == null; nap()) {
      requireWithin(start, ANSWER_NANOS);
      status = control.published();
    }
    return status;
  }

  private void requireWithin(long start, long nanos) {
    if (System.nanoTime() - start > nanos) {
      throw new IllegalStateException(
          "plan " + plan + " has not answered yet; it does so as soon as it can");
    }
  }

  private static void nap() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
