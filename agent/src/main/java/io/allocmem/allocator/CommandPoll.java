package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Sender;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;

/**
 * Command poll of the plan's thread between two steps: reads a command, obeys, and publishes the
 * status in the control file. Allocates nothing.
 */
final class CommandPoll {
  /**
   * Polling interval: upper bound of command latency, and of status age while the plan takes
   * blocks. The interval is long enough to keep an idle plan cheap.
   */
  private static final long POLL_NANOS = 50_000_000;

  /** Heartbeat interval of an idle plan. */
  private static final long HEARTBEAT_NANOS = 200_000_000;

  private final ControlFile file;
  private final Counters counters;
  private final ProcessReadings process;
  private final Exports faces;
  private final PlanLog log;
  private final Ticker ticker;
  private long lastPoll;
  private long lastPublish;
  private final long lease;
  private final boolean onHeap;
  private final boolean breaksFirst;
  private Phase paused;
  private Phase shown;
  private boolean releasing;
  private boolean collecting;
  private boolean limited;
  private long releaseAt;
  private long renewals;
  private long renewedAt;
  private String whyReleased;
  private final AsciiLine releasedBy = new AsciiLine(Sender.SIZE + 32);

  // made here: a literal becomes an object at its first use
  private final String leaseRanOut = String.valueOf("the lease was not renewed");
  private final String durationIsOver = String.valueOf("the duration is over");

  CommandPoll(
      HoldPlan plan,
      ControlFile file,
      Counters counters,
      ProcessReadings process,
      Exports faces,
      Ticker ticker) {
    this.faces = faces;
    this.log = faces.log;
    this.lease = plan.lease().toNanos();
    this.onHeap = plan.area().isOnHeap();
    this.breaksFirst = plan.breaksFirst();
    this.file = file;
    this.counters = counters;
    this.process = process;
    this.ticker = ticker;
    this.lastPoll = ticker.nanoTime() - POLL_NANOS; // nanoTime has any value, even below zero
  }

  /**
   * Shows the plan to launchers. Performs the steps of a wait once while the heap has room, as a
   * warm-up: the JVM loads classes and links calls at first use.
   */
  void open() throws IOException {
    renewedAt = ticker.nanoTime();
    read();
    file.open(counters);
    ticker.park(1);
    obey();
  }

  /**
   * Publishes the first phase again, now in the plan's thread: the phase may be recorded from now
   * on.
   */
  void begin() {
    shown = null;
    publish();
  }

  /**
   * Changes the phase and publishes the phase at once. A paused plan enters the phase at the
   * resume.
   */
  void enter(Phase phase) {
    if (counters.phase == Phase.PAUSED && !phase.isOver()) {
      paused = phase;
    } else {
      counters.phase = phase;
    }
    publish();
  }

  /**
   * Limits the plan's duration. After {@code nanos} the plan is releasing, whatever command comes.
   */
  void releaseAfter(long nanos) {
    limited = true;
    releaseAt = ticker.nanoTime() + nanos;
  }

  boolean isReleasing() {
    return releasing;
  }

  /** Returns true if a command requested a collection after the release. */
  boolean isCollecting() {
    return collecting;
  }

  /** Starts the release; the log states the reason. */
  void release(String why) {
    if (!releasing) {
      releasing = true;
      whyReleased = why;
    }
  }

  /** Logs the released bytes, and either the sender of the command or the plan's own reason. */
  void logReleased(long committed) {
    log.released(committed, whyReleased, releasedBy);
  }

  /** Waits at most {@code nanos}, and obeys. */
  void park(long nanos) {
    ticker.park(Math.min(nanos, POLL_NANOS));
    obey();
  }

  /** Carries out a new command, if the polling interval permits a poll. */
  void obey() {
    long now = ticker.nanoTime();
    if (now - lastPoll < POLL_NANOS / 2) {
      return;
    }
    lastPoll = now;
    PlanCommand command = file.poll();
    carryOut(command);
    endByTime(now);
    boolean idle = counters.phase != Phase.ALLOCATING;
    if (command != PlanCommand.NONE || !idle || now - lastPublish >= HEARTBEAT_NANOS) {
      publish();
    }
  }

  private void carryOut(PlanCommand command) {
    switch (command) {
      case PAUSE:
        pause();
        break;
      case RESUME:
        resume();
        break;
      case RELEASE_AND_COLLECT:
        collecting = true;
        releaseAsTold();
        break;
      case RELEASE:
        releaseAsTold();
        break;
      default:
        break;
    }
  }

  private void releaseAsTold() {
    if (!releasing) {
      PlanLog.sender(releasedBy, file);
      release(null);
    }
  }

  /** Pauses the plan. A plan that waits for a resume counts as paused. */
  private void pause() {
    boolean waitsForResume = breaksFirst && counters.phase == Phase.WAITING;
    if (counters.phase != Phase.PAUSED && !waitsForResume) {
      paused = counters.phase;
      counters.phase = Phase.PAUSED;
      log.paused(counters, file);
    }
  }

  private void resume() {
    Phase before = counters.phase;
    if (before == Phase.PAUSED) {
      counters.phase = paused == Phase.EXHAUSTED ? Phase.ALLOCATING : paused;
    } else if (before == Phase.WAITING || before == Phase.EXHAUSTED) {
      counters.phase = Phase.ALLOCATING;
    }
    if (before != counters.phase) {
      log.resumed(counters, file);
    }
  }

  /**
   * Checks lease and duration after the poll: a renewal may have come while this JVM was stopped.
   */
  private void endByTime(long now) {
    if (file.renewals() != renewals) {
      renewals = file.renewals();
      renewedAt = now;
    }
    if (lease > 0 && now - renewedAt >= lease) {
      release(leaseRanOut);
    }
    if (limited && now - releaseAt >= 0) {
      release(durationIsOver);
    }
  }

  private void publish() {
    lastPublish = ticker.nanoTime();
    read();
    log.appendDropped(counters.logNote.clear());
    file.publish(counters);
    if (counters.phase != shown) {
      shown = counters.phase;
      faces.phase(counters);
    }
  }

  private void read() {
    counters.set(Reading.RSS, process.rss());
    counters.set(Reading.HEAP_USED, process.heap().used());
    counters.set(Reading.HEAP_MAX, process.heap().max());
    counters.set(Reading.COLLECTIONS, process.heap().collections());
    counters.set(Reading.PAUSE_MILLIS, process.heap().pauseMillis());
    long held = onHeap ? counters.get(Reading.COMMITTED) + counters.get(Reading.REGION_WASTE) : 0;
    counters.set(Reading.HEAP_LIVE, process.heap().live(held));
    if (counters.get(Reading.HEAP_LIVE_BEFORE) == Reading.UNKNOWN
        && counters.get(Reading.HEAP_LIVE) >= held) {
      counters.set(Reading.HEAP_LIVE_BEFORE, counters.get(Reading.HEAP_LIVE) - held);
    }
    boolean limited = process.container().isLimited();
    counters.set(Reading.CONTAINER_USED, limited ? process.container().used() : Reading.UNKNOWN);
    counters.set(
        Reading.CONTAINER_CAPACITY, limited ? process.container().capacity() : Reading.UNKNOWN);
  }
}
