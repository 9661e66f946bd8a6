package io.allocmem.allocator;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.readings.ProcessReadings;

/** A plan's last steps: gives everything back, says how it ended, and closes what it had open. */
final class Ending {
  private final Counters counters;
  private final Holding holding;
  private final CommandPoll commands;
  private final Exports faces;
  private final PlanLog log;
  private final ProcessReadings process;
  private final ControlFile control;
  private final Ticker ticker;

  // literals would become objects when they are first used
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

  /** As it was told to, or by itself. */
  void released() {
    long committed = counters.get(Reading.COMMITTED);
    giveBack();
    commands.enter(Phase.RELEASED);
    commands.logReleased(committed);
    close();
  }

  /** By an error of ours: the status and the log name it. */
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

  /** All is given back: what a name or a message allocates has room, or it is left out. */
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
