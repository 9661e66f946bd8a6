package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.AgentThread;
import java.util.concurrent.locks.LockSupport;

/**
 * Thread that wants a turn each millisecond, and records by how much the turn was late: what each
 * thread of the JVM may meet, whether a collection, the kernel or a limit of processors holds it
 * up. The method is that of jHiccup: the shortest interval seen is the cost of a turn itself.
 * Allocates nothing after its start. Figures are of the last second, newer by an eighth of a second
 * each time, and of the whole time; any thread may read them.
 */
public final class StallProbe implements Runnable {
  private static final long INTERVAL_NANOS = 1_000_000;
  private static final long INTERVAL_MICROS = INTERVAL_NANOS / 1000;

  /** Parts of a second: a stop condition sees a stall at most one part after its end. */
  private static final int PARTS = 8;

  private static final long PART_NANOS = 1_000_000_000 / PARTS;
  private static final int MEDIAN = 500;
  private static final int P99 = 990;
  private static final int P999 = 999;

  private final StallHistogram[] parts = new StallHistogram[PARTS];
  private final StallHistogram second = new StallHistogram();
  private final StallHistogram all = new StallHistogram();
  private final Thread thread = AgentThread.of(this, "allocmem-stalls");
  private volatile boolean ended;

  /** True if the figures of the whole time begin anew with the next part of a second. */
  private volatile boolean restarts;

  /** Changes of the figures: odd during a change, zero before the first one. */
  private volatile int version;

  private volatile long secondMedian = Reading.UNKNOWN;
  private volatile long secondP99 = Reading.UNKNOWN;
  private volatile long secondP999 = Reading.UNKNOWN;
  private volatile long secondMost = Reading.UNKNOWN;
  private volatile long allMedian = Reading.UNKNOWN;
  private volatile long allP99 = Reading.UNKNOWN;
  private volatile long allP999 = Reading.UNKNOWN;
  private volatile long allMost = Reading.UNKNOWN;

  /** Creates the probe. Its counts of stalls take 140 KB. */
  StallProbe() {
    for (int part = 0; part < PARTS; part++) {
      parts[part] = new StallHistogram();
    }
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Ends the thread with its next turn. */
  public void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  /** Begins the figures of the whole time anew, with the next part of a second. */
  public void restart() {
    restarts = true;
  }

  @Override
  public void run() {
    long before = System.nanoTime();
    long partBegan = before;
    int part = 0;
    long shortest = Long.MAX_VALUE;
    while (!ended) {
      LockSupport.parkNanos(INTERVAL_NANOS);
      Thread.interrupted(); // after an interrupt by the application, park would not wait
      long now = System.nanoTime();
      long interval = now - before;
      before = now;
      shortest = Math.min(shortest, Math.max(INTERVAL_NANOS, interval)); // a turn may come early
      parts[part].addWithOmitted((interval - shortest) / 1000, INTERVAL_MICROS);
      if (now - partBegan >= PART_NANOS) {
        partBegan = now;
        publish(parts[part]);
        part = (part + 1) % PARTS;
        parts[part].clear();
      }
    }
  }

  private void publish(StallHistogram newest) {
    if (restarts) {
      restarts = false;
      all.clear(); // and without the newest part, which began before
    } else {
      all.addAll(newest);
    }
    second.clear();
    for (StallHistogram part : parts) {
      second.addAll(part);
    }
    version = version + 1; // only this thread writes
    secondMedian = second.percentile(MEDIAN);
    secondP99 = second.percentile(P99);
    secondP999 = second.percentile(P999);
    secondMost = second.most();
    allMedian = all.percentile(MEDIAN);
    allP99 = all.percentile(P99);
    allP999 = all.percentile(P999);
    allMost = all.most();
    version = version + 1;
  }

  /**
   * Returns a number that changes with the figures: odd while this thread changes the figures, zero
   * before the first figures.
   */
  public int version() {
    return version;
  }

  /** Returns the median of the last second, in microseconds; unknown before the first figures. */
  public long secondMedian() {
    return secondMedian;
  }

  public long secondP99() {
    return secondP99;
  }

  public long secondP999() {
    return secondP999;
  }

  public long secondMost() {
    return secondMost;
  }

  public long allMedian() {
    return allMedian;
  }

  public long allP99() {
    return allP99;
  }

  public long allP999() {
    return allP999;
  }

  public long allMost() {
    return allMost;
  }
}
