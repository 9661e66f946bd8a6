package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Counters;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Carries out one plan in a daemon thread, from the first block to the release. Only this thread
 * owns the blocks. From the first block to the last, the thread allocates nothing but blocks. No
 * heap error ends the thread before all blocks are released.
 */
public final class Allocator implements Runnable {
  private final HoldPlan plan;
  private final ControlFile control;
  private final ProcessReadings process;
  private final Runnable whenOver;
  private final Ticker ticker;
  private final Counters counters = new Counters();
  private final Pace pace;
  private final Exports faces;
  private final PlanLog log;
  private final CommandPoll commands;
  private final Guard guard;
  private final Residency residency;
  private final Holding holding;
  private final Turn waiting;
  private final Caveat caveat;
  private final Ending ending;

  // made here: a literal becomes an object at its first use
  private final String holdIsOver = String.valueOf("the hold time is over");
  private final String rampIsOver = String.valueOf("the ramp-down is complete");

  /**
   * Prepares everything that the plan needs, but takes no block.
   *
   * @param fatal returns true if an OutOfMemoryError would now end this JVM or make the JVM write a
   *     dump
   * @param whenOver called in the plan's thread after the release of all blocks
   */
  public Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      BooleanSupplier fatal,
      Runnable whenOver) {
    this(plan, area, control, process, fatal, whenOver, Ticker.SYSTEM);
  }

  Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      BooleanSupplier fatal,
      Runnable whenOver,
      Ticker ticker) {
    this.plan = plan;
    this.control = control;
    this.process = process;
    this.whenOver = whenOver;
    this.ticker = ticker;
    this.pace = new Pace(plan.delay().toNanos());
    this.faces = new Exports(plan, control);
    this.log = faces.log;
    this.commands = new CommandPoll(plan, control, counters, process, faces, ticker);
    this.guard = new Guard(plan, area, process, counters, fatal, ticker);
    this.caveat = new Caveat(plan, area);
    HeldBlocks held = new HeldBlocks();
    this.residency = new Residency(plan, area, held, counters, commands, process, ticker);
    this.holding =
        new Holding(plan, area, process, counters, held, residency, faces, caveat.fillEnforced);
    this.waiting = new Turn(plan, counters, commands, guard, holding, residency, pace, log, ticker);
    this.ending = new Ending(counters, holding, commands, faces, process, control, ticker);
    boolean waits = plan.breaksFirst() || !plan.waitFirst().isZero();
    counters.phase = waits ? Phase.WAITING : Phase.ALLOCATING;
  }

  /**
   * Starts the plan's thread. The control file answers from now on.
   *
   * @throws IOException if a file cannot be written; nothing has started then
   */
  public void start() throws IOException {
    try {
      log.open();
      open();
    } catch (IOException | RuntimeException | Error e) {
      faces.close();
      log.close();
      throw e;
    }
  }

  private void open() throws IOException {
    counters.set(Reading.RSS_BEFORE, process.rss());
    guard.rehearse(counters.message);
    log.rehearse(counters, process, control);
    counters.message.clear().append(caveat.sentence);
    commands.open();
    counters.set(Reading.CONTAINER_USED_BEFORE, counters.get(Reading.CONTAINER_USED));
    faces.show(caveat.sentence);
    Thread thread = new Thread(null, this, "allocmem-" + plan.name());
    thread.setDaemon(true);
    thread.setContextClassLoader(Allocator.class.getClassLoader());
    thread.start();
  }

  /** Returns the limitations of the plan in this JVM, for people; empty for none. */
  public String caveat() {
    return caveat.sentence;
  }

  @Override
  public void run() {
    try {
      commands.begin();
      boolean goOn = waiting.toBegin();
      if (!plan.duration().isZero()) {
        commands.releaseAfter(plan.duration().toNanos());
      }
      while (goOn) {
        goOn = fill() && afterwards();
      }
      ending.released();
    } catch (Throwable unexpected) {
      ending.failed(unexpected);
    }
    whenOver.run();
    log.close();
  }

  /**
   * Takes blocks up to the limit, or until the area is exhausted. Returns false once the plan is
   * releasing.
   */
  private boolean fill() {
    counters.message.clear().append(caveat.sentence);
    long start = ticker.nanoTime();
    pace.start(start);
    while (!guard.isReached()) {
      if (!waiting.untilDue() || !waitForRoom()) {
        return false;
      }
      pace.advance();
      if (!take()) {
        return true;
      }
    }
    residency.look();
    commands.enter(Phase.HOLDING);
    log.limitReached(counters, ticker.nanoTime() - start);
    return true;
  }

  /**
   * Waits and reports the wait while one more block would leave too little headroom. Returns false
   * once the plan is releasing.
   */
  private boolean waitForRoom() {
    if (guard.hasRoom()) {
      return true;
    }
    guard.explain(counters.message.clear());
    commands.enter(Phase.GUARDED);
    log.guarded(counters);
    boolean goOn = waiting.forRoom();
    counters.message.clear().append(caveat.sentence);
    commands.enter(Phase.ALLOCATING);
    return goOn;
  }

  /** Takes one block. Returns false if the area is exhausted. */
  private boolean take() {
    String refusal = holding.take(waiting);
    if (refusal == null) {
      log.block(counters, caveat.fillEnforced);
      log.stats(counters, process);
      return true;
    }
    counters.message.clear().append(refusal);
    residency.look();
    commands.enter(Phase.EXHAUSTED);
    log.exhausted(counters, refusal);
    return false;
  }

  /** Performs the action at the limit. Returns true if the plan then takes blocks again. */
  private boolean afterwards() {
    if (!waiting.getAsBoolean()) {
      return false;
    }
    if (counters.phase == Phase.ALLOCATING) {
      return true; // paused at the refusal of a block, then resumed
    }
    if (counters.phase == Phase.EXHAUSTED) {
      return waiting.whileExhausted();
    }
    switch (plan.then()) {
      case RELEASE:
        if (hold()) {
          commands.release(holdIsOver);
        }
        return false;
      case CYCLE:
        return cycle();
      case ROTATE:
        return rotate();
      case RAMP_DOWN:
        rampDown();
        return false;
      default:
        return keep();
    }
  }

  /** Holds the blocks at the limit for the hold time. Returns false once the plan is releasing. */
  private boolean hold() {
    pace.start(ticker.nanoTime() + plan.hold().toNanos());
    return waiting.untilDue();
  }

  /**
   * Keeps the plan full while other usage rises and falls. Returns once the area is exhausted or
   * the plan is releasing.
   */
  private boolean keep() {
    while (waiting.getAsBoolean()) {
      if (guard.isReached() || !guard.hasRoom()) {
        waiting.rest(Long.MAX_VALUE);
      } else if (take()) {
        pace.start(ticker.nanoTime() + plan.delay().toNanos());
        waiting.untilDue();
      } else {
        return waiting.whileExhausted();
      }
    }
    return false;
  }

  private boolean cycle() {
    if (!hold()) {
      return false;
    }
    log.cycled(counters.get(Reading.COMMITTED));
    holding.release();
    commands.enter(Phase.ALLOCATING);
    return true;
  }

  private boolean rotate() {
    commands.enter(Phase.ROTATING);
    log.rotates(counters);
    pace.start(ticker.nanoTime() + plan.delay().toNanos());
    while (waiting.untilDue()) {
      pace.advance();
      if (guard.isNearError()) {
        continue;
      }
      if (!holding.isEmpty()) {
        holding.giveBackOldest();
      }
      if (guard.hasRoomAgain() && !take()) {
        return waiting.whileExhausted();
      }
    }
    return false;
  }

  private void rampDown() {
    if (!hold()) {
      return;
    }
    commands.enter(Phase.RAMPING_DOWN);
    log.rampsDown(counters);
    pace.start(ticker.nanoTime());
    while (!holding.isEmpty() && waiting.untilDue()) {
      pace.advance();
      holding.giveBackOldest();
    }
    if (holding.isEmpty()) {
      commands.release(rampIsOver);
    }
  }
}
