package io.allocmem.status;

import io.allocmem.plan.HoldPlan;
import java.io.IOException;

/**
 * A plan as JMX threads see it: they read what the plan published last, and put commands into its
 * inbox. Nothing here runs in the plan's thread, and that never waits for anything here.
 */
public final class PlanBean implements PlanMXBean {
  private static final long ANSWER_NANOS = 5_000_000_000L;
  private static final long RELEASE_NANOS = 60_000_000_000L;
  private static final long POLL_MILLIS = 5;

  private final HoldPlan plan;
  private final ControlFile control;
  private final long pid;

  /** Of the plan that publishes there. */
  public PlanBean(HoldPlan plan, ControlFile control) throws IOException {
    this.pid = Long.parseLong(Self.pid());
    this.plan = plan;
    this.control = control;
  }

  @Override
  public void pause() {
    tell(Command.PAUSE);
  }

  @Override
  public void resume() {
    tell(Command.RESUME);
  }

  @Override
  public void release() {
    tell(Command.RELEASE);
    for (long start = System.nanoTime(); !status().phase.isOver(); nap()) {
      requireWithin(start, RELEASE_NANOS);
    }
  }

  private synchronized void tell(Command command) {
    awaitAnswer(); // to a command that came late
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

  private void requireWithin(long start, long nanos) {
    if (System.nanoTime() - start > nanos) {
      throw new IllegalStateException(
          "plan " + plan.name() + " has not answered yet; it does so as soon as it can");
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

  /** Torn for the microseconds in which the next one is written. */
  private Status status() {
    Status status = ControlLayout.read(control.snapshot());
    for (long start = System.nanoTime(); status == null; nap()) {
      requireWithin(start, ANSWER_NANOS);
      status = ControlLayout.read(control.snapshot());
    }
    return status;
  }

  @Override
  public String getName() {
    return plan.name();
  }

  @Override
  public String getArea() {
    return plan.area().toString();
  }

  @Override
  public long getBlockSize() {
    return plan.blockSize().bytes();
  }

  @Override
  public long getLimit() {
    return plan.until() == null ? plan.limit().bytes() : ProcessReadings.UNKNOWN;
  }

  @Override
  public String getUntil() {
    return plan.until() == null ? "" : plan.until().toString();
  }

  @Override
  public String getThen() {
    return plan.then().toString();
  }

  @Override
  public double getFill() {
    return plan.fill().share();
  }

  @Override
  public long getDelayMillis() {
    return plan.delay().toMillis();
  }

  @Override
  public long getPid() {
    return pid;
  }

  @Override
  public String getJdk() {
    return status().jdk;
  }

  @Override
  public String getMainClass() {
    return status().mainClass;
  }

  @Override
  public String getArguments() {
    return status().arguments;
  }

  @Override
  public String getAgentVersion() {
    return status().agentVersion;
  }

  @Override
  public String getPhase() {
    return status().phase.name();
  }

  @Override
  public long getBlocks() {
    return status().blocks;
  }

  @Override
  public long getCommitted() {
    return status().committed;
  }

  @Override
  public long getTouched() {
    return status().touched;
  }

  @Override
  public long getResident() {
    return status().resident;
  }

  @Override
  public long getRegionWaste() {
    return status().regionWaste;
  }

  @Override
  public long getGivenBack() {
    return status().givenBack;
  }

  @Override
  public long getRssBefore() {
    return status().rssBefore;
  }

  @Override
  public long getRss() {
    return status().rss;
  }

  @Override
  public long getHeapUsed() {
    return status().heapUsed;
  }

  @Override
  public long getHeapMax() {
    return status().heapMax;
  }

  @Override
  public long getHeapLive() {
    return status().heapLive;
  }

  @Override
  public long getContainerUsed() {
    return status().containerUsed;
  }

  @Override
  public long getContainerCapacity() {
    return status().containerCapacity;
  }

  @Override
  public long getCollections() {
    return status().collections;
  }

  @Override
  public long getPauseMillis() {
    return status().pauseMillis;
  }

  @Override
  public long getDueMillis() {
    return status().dueMillis;
  }

  @Override
  public long getHeartbeatMillis() {
    return status().heartbeatMillis;
  }

  @Override
  public String getMessage() {
    return status().message;
  }
}
