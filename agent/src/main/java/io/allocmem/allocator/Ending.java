package io.allocmem.allocator;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.readings.ProcessReadings;

/** Last steps of a plan: releases all blocks, reports the end, and closes open resources. */
final class Ending {
  /** Interval between two looks at workers that end: the length of a slice. */
  private static final long WAIT_FOR_WORKERS_NANOS = 1_000_000;

  private final PlanState state;
  private final HeldBlocks held;
  private final OrderedBlocks ordered;
  private final CommandPoll commands;
  private final Exports exports;
  private final PlanLog log;
  private final ProcessReadings process;
  private final ControlFile control;
  private final Ticker ticker;

  // made here: a literal becomes an object at its first use
  private final String failed = String.valueOf("failed: ");
  private final String colon = String.valueOf(": ");
  private final String noRoomForReason = String.valueOf("the heap has no room for the reason");

  Ending(
      PlanState state,
      HeldBlocks held,
      OrderedBlocks ordered,
      CommandPoll commands,
      Exports exports,
      ProcessReadings process,
      ControlFile control,
      Ticker ticker) {
    this.state = state;
    this.held = held;
    this.ordered = ordered;
    this.commands = commands;
    this.exports = exports;
    this.log = exports.log;
    this.process = process;
    this.control = control;
    this.ticker = ticker;
  }

  /** Ends the plan after a command, or by the plan's own rule. */
  void released() {
    long committed = state.get(Reading.COMMITTED);
    releaseAll();
    commands.enter(Phase.RELEASED);
    commands.logReleased(committed);
    close();
  }

  /** Ends the plan after an internal error. Status and log name the error. */
  void failed(Throwable failure) {
    long committed = state.get(Reading.COMMITTED);
    releaseAll();
    explain(failure);
    commands.enter(Phase.FAILED);
    log.failed(committed, state.message);
    close();
  }

  private void releaseAll() {
    commands.endTargetTime();
    ordered.end();
    held.release();
    while (!ordered.releaseRest()) { // a worker that allocates may wait for a collection
      commands.park(WAIT_FOR_WORKERS_NANOS);
    }
    process.heap().forget();
    state.set(Reading.RSS_RELEASED, process.rss()); // a collection can raise RSS itself
    if (commands.isCollecting()) {
      log.collects();
      System.gc();
    }
  }

  /**
   * Names the failure after the release of all blocks. The heap then has room for name and message.
   * Without room, the text says so.
   */
  private void explain(Throwable failure) {
    state.message.clear().append(failed);
    try {
      state.message.append(failure.getClass().getName());
      String why = failure.getMessage();
      if (why != null) {
        state.message.append(colon).append(why);
      }
    } catch (Throwable noRoom) {
      state.message.append(noRoomForReason);
    }
  }

  private void close() {
    log.drain();
    Closing.close(exports, ticker);
    Closing.close(control, ticker);
    Closing.close(process, ticker);
  }
}
