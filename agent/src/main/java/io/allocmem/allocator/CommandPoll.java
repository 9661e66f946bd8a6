package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Sender;
import io.allocmem.control.ThisProcess;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PageKind;
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

  /**
   * Interval between two polls while the plan takes blocks, with steps of up to 10 ms. A poll with
   * its status takes 0.4 ms, 1 % of the time.
   */
  private static final long POLL_NANOS_TAKING = 40_000_000;

  /** Heartbeat interval of an idle plan. */
  private static final long HEARTBEAT_NANOS = 200_000_000;

  private final ControlFile file;
  private final PlanState state;
  private final ProcessReadings process;
  private final TargetTime targetTime;
  private final EffectPoll effect;
  private final Exports exports;
  private final PlanLog log;
  private final Ticker ticker;
  private long lastPoll;
  private long lastPublish;
  private final long lease;
  private final boolean onHeap;
  private Phase shown;
  private boolean collecting;
  private boolean limited;
  private long releaseAt;
  private long renewals;
  private long renewedAt;
  private final AsciiLine releasedBy = new AsciiLine(Sender.SIZE + 32);

  // made here: a literal becomes an object at its first use
  private final String leaseRanOut = String.valueOf("the lease was not renewed");
  private final String durationIsOver = String.valueOf("the duration is over");

  CommandPoll(
      HoldPlan plan,
      ControlFile file,
      PlanState state,
      ProcessReadings process,
      TargetTime targetTime,
      EffectPoll effect,
      Exports exports,
      Ticker ticker) {
    this.targetTime = targetTime;
    this.effect = effect;
    this.exports = exports;
    this.log = exports.log;
    this.lease = plan.lease().toNanos();
    this.onHeap = plan.area().isOnHeap();
    this.file = file;
    this.state = state;
    this.process = process;
    if (plan.pages() == PageKind.LOCKED) {
      process.openLocked();
    }
    this.ticker = ticker;
    this.lastPoll = ticker.nanoTime() - POLL_NANOS; // nanoTime has any value, even below zero
  }

  /**
   * Shows the plan to launchers. Performs the steps of a wait once while the heap has room, as a
   * warm-up: the JVM loads classes and links calls at first use.
   */
  void open() throws IOException {
    renewedAt = ticker.nanoTime();
    targetTime.warmUp();
    effect.open();
    measureBefore(ThisProcess.isBeforeApplication());
    effect.requireFigures();
    file.open(state.phase(), state, state.wholeMessage());
    ticker.park(1);
    obey();
  }

  /**
   * Records RSS, the live heap and the container's usage before the first block.
   *
   * @param atStartUp true if the application of the JVM has not started yet
   */
  void measureBefore(boolean atStartUp) {
    state.set(Reading.HEAP_LIVE_BEFORE, Reading.UNKNOWN);
    read(ticker.nanoTime());
    state.set(Reading.RSS_BEFORE, state.get(Reading.RSS));
    state.set(Reading.CONTAINER_USED_BEFORE, state.get(Reading.CONTAINER_USED));
    state.set(Reading.AT_START_UP, atStartUp ? 1 : 0);
  }

  /** Records the state before the first block again, after a wait. */
  void measureAfterWait() {
    effect.restartStalls();
    measureBefore(false);
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
    state.enter(phase);
    publish();
  }

  /**
   * Limits the plan's duration. After {@code nanos} the plan is releasing, whatever command comes.
   */
  void releaseAfter(long nanos) {
    limited = true;
    releaseAt = ticker.nanoTime() + nanos;
  }

  /**
   * Ends the time at the target. The release of all blocks can take seconds, and does not count.
   */
  void endTargetTime() {
    targetTime.end();
  }

  /** Returns true if a command requested a collection after the release. */
  boolean isCollecting() {
    return collecting;
  }

  /** Logs the released bytes, and either the sender of the command or the plan's own reason. */
  void logReleased(long committed) {
    log.released(committed, state.reason(), releasedBy);
  }

  /** Waits at most {@code nanos}, at most until the next poll is due, and obeys. */
  void park(long nanos) {
    long untilPoll = lastPoll + POLL_NANOS - ticker.nanoTime();
    ticker.park(Math.min(nanos, Math.max(1, untilPoll)));
    obey();
  }

  /** Carries out a new command, if the polling interval permits a poll. */
  void obey() {
    long now = ticker.nanoTime();
    if (now - lastPoll < POLL_NANOS_TAKING) {
      return;
    }
    lastPoll = now;
    PlanCommand command = file.poll();
    carryOut(command);
    endByTime(now);
    boolean idle = state.phase() != Phase.ALLOCATING;
    if (command != PlanCommand.NONE || !idle || now - lastPublish >= HEARTBEAT_NANOS) {
      publish();
    }
  }

  private void carryOut(PlanCommand command) {
    switch (command) {
      case PAUSE:
        if (state.pause()) {
          log.paused(state, file);
        }
        break;
      case RESUME:
        if (state.resume()) {
          log.resumed(state, file);
        }
        break;
      case RELEASE_AND_COLLECT:
        collecting = true;
        releaseByCommand();
        break;
      case RELEASE:
        releaseByCommand();
        break;
      default:
        break;
    }
  }

  private void releaseByCommand() {
    if (state.release(null)) {
      PlanLog.sender(releasedBy, file);
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
      state.release(leaseRanOut);
    }
    if (limited && now - releaseAt >= 0) {
      state.release(durationIsOver);
    }
  }

  private void publish() {
    lastPublish = ticker.nanoTime();
    read(lastPublish);
    readEnds(lastPublish, System.currentTimeMillis());
    log.appendDropped(state.logNote.clear());
    file.publish(state.phase(), state, state.wholeMessage());
    if (state.phase() != shown) {
      shown = state.phase();
      exports.phase(shown, state);
    }
  }

  private void readEnds(long now, long nowMillis) {
    long duration = nowMillis + (releaseAt - now) / 1_000_000;
    long leaseEnd = nowMillis + (renewedAt + lease - now) / 1_000_000;
    state.set(Reading.DURATION_END_MILLIS, limited ? duration : Reading.UNKNOWN);
    state.set(Reading.LEASE_END_MILLIS, lease > 0 ? leaseEnd : Reading.UNKNOWN);
  }

  private void read(long nanoTime) {
    targetTime.update();
    state.set(Reading.RSS, process.rss());
    state.set(Reading.HEAP_USED, process.heap().used());
    state.set(Reading.HEAP_MAX, process.heap().max());
    state.set(Reading.COLLECTIONS, process.heap().collections());
    state.set(Reading.PAUSE_MILLIS, process.heap().pauseMillis());
    state.set(Reading.GC_CPU_MILLIS, process.gcCpuMillis());
    long held = onHeap ? state.get(Reading.COMMITTED) + state.get(Reading.REGION_WASTE) : 0;
    state.set(Reading.HEAP_LIVE, process.heap().live(held));
    if (state.get(Reading.HEAP_LIVE_BEFORE) == Reading.UNKNOWN
        && state.get(Reading.HEAP_LIVE) >= held) {
      state.set(Reading.HEAP_LIVE_BEFORE, state.get(Reading.HEAP_LIVE) - held);
    }
    boolean limited = process.container().isLimited();
    state.set(Reading.CONTAINER_USED, limited ? process.container().used() : Reading.UNKNOWN);
    state.set(
        Reading.CONTAINER_CAPACITY, limited ? process.container().capacity() : Reading.UNKNOWN);
    state.set(Reading.CONTAINER_HIGH, process.container().high());
    state.set(Reading.LOCKED, process.locked());
    effect.read(nanoTime);
  }
}
