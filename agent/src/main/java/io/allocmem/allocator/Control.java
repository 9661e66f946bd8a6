package io.allocmem.allocator;

import io.allocmem.status.Command;
import io.allocmem.status.ControlFile;
import io.allocmem.status.Counters;
import io.allocmem.status.Phase;
import io.allocmem.status.ProcessReadings;
import java.io.IOException;

/**
 * What the plan's thread does between two steps of its work: looks for a command, obeys it, and
 * lets the control file say how things stand. Allocates nothing.
 */
final class Control {
  /**
   * How long a command waits at most, and few enough wakes that an idle plan costs little; also how
   * old a status can be while blocks are taken.
   */
  private static final long POLL_NANOS = 50_000_000;

  /** How often an idle plan shows that it lives. */
  private static final long HEARTBEAT_NANOS = 200_000_000;

  private final ControlFile file;
  private final Counters counters;
  private final ProcessReadings process;
  private final Ticker ticker;
  private long lastPoll;
  private long lastPublish;
  private boolean releasing;
  private boolean limited;
  private long releaseAt;

  Control(ControlFile file, Counters counters, ProcessReadings process, Ticker ticker) {
    this.file = file;
    this.counters = counters;
    this.process = process;
    this.ticker = ticker;
    this.lastPoll = ticker.nanoTime() - POLL_NANOS; // nanoTime may be anything, below zero too
  }

  /**
   * Shows the plan to launchers, and does once, while the heap has room, what a wait does: the JVM
   * loads classes and links calls when they are first used.
   */
  void open() throws IOException {
    read();
    file.open(counters);
    ticker.park(1);
    obey();
  }

  /** Changes the phase, and says so at once. */
  void enter(Phase phase) {
    counters.phase = phase;
    publish();
  }

  /** From then on the plan is releasing, whatever is commanded. */
  void releaseAfter(long nanos) {
    limited = true;
    releaseAt = ticker.nanoTime() + nanos;
  }

  boolean isReleasing() {
    return releasing;
  }

  /** Waits so long at most, and obeys. */
  void park(long nanos) {
    ticker.park(Math.min(nanos, POLL_NANOS));
    obey();
  }

  /** Carries out a new command, if there is one and it is time to look. */
  void obey() {
    long now = ticker.nanoTime();
    if (now - lastPoll < POLL_NANOS / 2) {
      return;
    }
    lastPoll = now;
    releasing |= limited && now - releaseAt >= 0;
    Command command = file.poll();
    carryOut(command);
    boolean idle = counters.phase != Phase.ALLOCATING;
    if (command != Command.NONE || !idle || now - lastPublish >= HEARTBEAT_NANOS) {
      publish();
    }
  }

  private void carryOut(Command command) {
    switch (command) {
      case PAUSE:
        if (counters.phase == Phase.ALLOCATING) {
          counters.phase = Phase.PAUSED;
        }
        break;
      case RESUME:
        if (counters.phase != Phase.HOLDING) {
          counters.phase = Phase.ALLOCATING;
        }
        break;
      case RELEASE:
        releasing = true;
        break;
      default:
        break;
    }
  }

  private void publish() {
    lastPublish = ticker.nanoTime();
    read();
    file.publish(counters);
  }

  private void read() {
    counters.rss = process.rss();
    counters.heapUsed = process.heapUsed();
    counters.heapMax = process.heapMax();
  }
}
