package io.allocmem.allocator;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.readings.ProcessReadings;

/** Last steps of a plan: releases all blocks, reports the end, and closes open resources. */
final class Ending {
  private final Counters counters;
  private final Holding holding;
  private final CommandPoll commands;
  private final Exports faces;
  private final PlanLog log;
  private final ProcessReadings process;
  private final ControlFile control;
  private final Ticker ticker;

  // made here: a literal becomes an object at its first use
  private final String failed = String.valueOf("failed: ");
  private final String colon = String.valueOf(": ");
  private final String noRoomForReason = String.valueOf("the heap has no room for the reason");

  Ending(
      Counters counters,
      Holding holding,
      CommandPoll commands,
      Exports faces,
      ProcessReadings process,
      ControlFile control,
      Ticker ticker) {
    this.counters = counters;
    this.holding = holding;
    this.commands = commands;
    this.faces = faces;
    this.log = faces.log;
    this.process = process;
    this.control = control;
    this.ticker = ticker;
  }

  /** Ends the plan after a command, or by the plan's own rule. */
  void released() {
    long committed = counters.get(Reading.COMMITTED);
    giveBack();
    commands.enter(Phase.RELEASED);
    commands.logReleased(committed);
    close();
  }

  /** Ends the plan after an internal error. Status and log name the error. */
  void failed(Throwable failure) {
    long committed = counters.get(Reading.COMMITTED);
    giveBack();
    explain(failure);
    commands.enter(Phase.FAILED);
    log.failed(committed, counters.message);
    close();
  }

  private void giveBack() {
    holding.release();
    process.heap().forget();
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
    counters.message.clear().append(failed);
    try {
      counters.message.append(failure.getClass().getName());
      String why = failure.getMessage();
      if (why != null) {
        counters.message.append(colon).append(why);
      }
    } catch (Throwable noRoom) {
      counters.message.append(noRoomForReason);
    }
  }

  private void close() {
    log.drain();
    Exports.close(faces, ticker);
    Exports.close(control, ticker);
    Exports.close(process, ticker);
  }
}
