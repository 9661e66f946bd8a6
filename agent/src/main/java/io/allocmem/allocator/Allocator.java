package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import io.allocmem.status.ControlFile;
import io.allocmem.status.Counters;
import io.allocmem.status.JvmFlags;
import io.allocmem.status.Phase;
import io.allocmem.status.ProcessReadings;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Carries out one plan, in a daemon thread of its own, from the first block to the release. This
 * thread alone owns the blocks. From the first block to the last it allocates nothing but blocks,
 * and no error of the heap ends it before everything is given back.
 */
public final class Allocator implements Runnable {
  private final HoldPlan plan;
  private final ControlFile control;
  private final ProcessReadings process;
  private final Runnable whenOver;
  private final Ticker ticker;
  private final Counters counters = new Counters();
  private final Pace pace;
  private final PlanLog log;
  private final Control commands;
  private final Guard guard;
  private final Residency residency;
  private final Holding holding;
  private final boolean fillEnforced;
  private final String caveat;
  private boolean saidGuarded;

  /**
   * Makes everything that the plan will need; takes nothing yet.
   *
   * @param fatal whether an OutOfMemoryError would end this JVM, or make it write a dump
   * @param whenOver told, in the plan's thread, when everything is given back
   */
  public Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      boolean fatal,
      Runnable whenOver) {
    this(plan, area, control, process, fatal, whenOver, Ticker.SYSTEM);
  }

  Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      boolean fatal,
      Runnable whenOver,
      Ticker ticker) {
    this.plan = plan;
    this.control = control;
    this.process = process;
    this.whenOver = whenOver;
    this.ticker = ticker;
    this.pace = new Pace(plan.delay().toNanos());
    this.log = new PlanLog(plan);
    this.commands = new Control(plan, control, counters, process, ticker);
    this.guard = new Guard(plan, area, process, counters, fatal);
    String unavailable = area.pagesUnavailable();
    this.fillEnforced = unavailable == null || plan.fill().isFull() || !area.isResidentAtFirst();
    HeldBlocks held = new HeldBlocks();
    this.residency = new Residency(plan, area, held, counters, commands, process, ticker);
    BooleanSupplier proceed =
        new BooleanSupplier() {
          @Override
          public boolean getAsBoolean() {
            return proceed();
          }
        };
    this.holding =
        new Holding(plan, area, process, counters, held, residency, fillEnforced, proceed);
    boolean waits = plan.breaksFirst() || !plan.waitFirst().isZero();
    counters.phase = waits ? Phase.WAITING : Phase.ALLOCATING;
    this.caveat = unavailable == null ? "" : caveat(unavailable);
  }

  /** What that plan would meet here. */
  public static Preflight preflight(HoldPlan plan, MemoryArea area, ProcessReadings process) {
    Preflight preflight = new Preflight();
    preflight.capacity = Guard.capacity(plan, area, process);
    preflight.used = Guard.used(plan, area, process);
    preflight.containerCapacity = process.container().capacity();
    preflight.containerUsed = process.container().used();
    preflight.fatalFlag = JvmFlags.fatalOnOutOfMemory();
    return preflight;
  }

  private String caveat(String unavailable) {
    if (fillEnforced) {
      return "resident pages not counted here: " + unavailable;
    }
    String where = plan.area() == AreaKind.HEAP ? "on the heap" : "in " + plan.area().toHuman();
    return "fill ratio not enforced " + where + " here: " + unavailable + "; touched = committed";
  }

  /**
   * Starts the plan's thread. The control file answers from here on.
   *
   * @throws IOException when the control file cannot be written; nothing has started then
   */
  public void start() throws IOException {
    counters.rssBefore = process.rss();
    guard.explain(counters.message); // a rehearsal, too
    log.rehearse(counters, process);
    counters.message.clear().append(caveat);
    commands.open();
    counters.containerUsedBefore = counters.containerUsed;
    log.started(caveat);
    Thread thread = new Thread(null, this, "allocmem-" + plan.name());
    thread.setDaemon(true);
    thread.setContextClassLoader(Allocator.class.getClassLoader());
    thread.start();
  }

  /** What a person must know about this plan here; empty for nothing. */
  public String caveat() {
    return caveat;
  }

  @Override
  public void run() {
    try {
      boolean goOn = waitToBegin();
      if (!plan.duration().isZero()) {
        commands.releaseAfter(plan.duration().toNanos());
      }
      while (goOn) {
        goOn = fill() && afterwards();
      }
      end(Phase.RELEASED, null);
    } catch (Throwable unexpected) {
      end(Phase.FAILED, unexpected);
    }
  }

  /** Stays here until a resume, or until it is time. False when told to release. */
  private boolean waitToBegin() {
    if (plan.breaksFirst()) {
      return waitWhile(Phase.WAITING);
    }
    long start = ticker.nanoTime();
    long left = plan.waitFirst().toNanos();
    while (counters.phase == Phase.WAITING && left > 0 && !commands.isReleasing()) {
      commands.park(left);
      left = plan.waitFirst().toNanos() - (ticker.nanoTime() - start);
    }
    counters.phase = Phase.ALLOCATING;
    return !commands.isReleasing();
  }

  /** Stays here while the plan is in that phase. False when told to release. */
  private boolean waitWhile(Phase phase) {
    while (counters.phase == phase && !commands.isReleasing()) {
      rest(Long.MAX_VALUE);
    }
    return !commands.isReleasing();
  }

  /**
   * Waits so long at most; obeys, and keeps the held blocks, and what is free, as they should be.
   */
  private void rest(long nanos) {
    commands.park(nanos);
    while (!holding.isEmpty() && guard.isTooMuch() && !commands.isReleasing()) {
      holding.giveBackOldest();
      commands.obey();
    }
    residency.keep();
  }

  /** Obeys; stays here while paused. False when told to release. */
  private boolean proceed() {
    commands.obey();
    if (counters.phase == Phase.PAUSED) {
      long start = ticker.nanoTime();
      waitWhile(Phase.PAUSED);
      pace.shift(ticker.nanoTime() - start);
    }
    return !commands.isReleasing();
  }

  /** Takes blocks until it is enough, or to exhaustion; false when told to release. */
  private boolean fill() {
    counters.message.clear().append(caveat);
    long start = ticker.nanoTime();
    pace.start(start);
    while (!guard.isReached()) {
      if (!waitUntilDue() || !waitForRoom()) {
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

  /** False when told to release. */
  private boolean waitUntilDue() {
    while (proceed()) {
      long left = pace.untilDue(ticker.nanoTime());
      if (left <= 0) {
        residency.keep();
        return true;
      }
      rest(left);
    }
    return false;
  }

  /** Waits while one more block would leave too little free. False when told to release. */
  private boolean waitForRoom() {
    if (guard.hasRoom()) {
      return true;
    }
    long start = ticker.nanoTime();
    guard.explain(counters.message.clear());
    commands.enter(Phase.GUARDED);
    if (!saidGuarded) {
      log.guarded(counters);
      saidGuarded = true;
    }
    while (proceed() && !guard.hasRoom()) {
      rest(Long.MAX_VALUE);
      guard.explain(counters.message.clear());
    }
    pace.shift(ticker.nanoTime() - start);
    counters.message.clear().append(caveat);
    commands.enter(Phase.ALLOCATING);
    return !commands.isReleasing();
  }

  /** Takes one block; false when the area is exhausted. */
  private boolean take() {
    String refusal = holding.take();
    if (refusal == null) {
      log.block(counters, fillEnforced);
      log.stats(counters, process);
      return true;
    }
    counters.message.clear().append(refusal);
    residency.look();
    commands.enter(Phase.EXHAUSTED);
    log.exhausted(counters, refusal);
    return false;
  }

  /** What the plan does once it is full; whether it goes on after that. */
  private boolean afterwards() {
    if (counters.phase == Phase.EXHAUSTED) {
      return waitWhile(Phase.EXHAUSTED);
    }
    switch (plan.then()) {
      case RELEASE:
        hold();
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

  /** Stays at the limit for the plan's time. False when told to release. */
  private boolean hold() {
    pace.start(ticker.nanoTime() + plan.hold().toNanos());
    return waitUntilDue();
  }

  /** Stays full, though others take and give back; leaves when exhausted or told to release. */
  private boolean keep() {
    while (proceed()) {
      rest(Long.MAX_VALUE);
      boolean wanting = counters.phase == Phase.HOLDING && !guard.isReached();
      while (wanting && !commands.isReleasing() && guard.hasRoom()) {
        if (!take()) {
          return waitWhile(Phase.EXHAUSTED);
        }
        wanting = !guard.isReached();
      }
    }
    return false;
  }

  private boolean cycle() {
    if (!hold()) {
      return false;
    }
    holding.release();
    commands.enter(Phase.ALLOCATING);
    return true;
  }

  private boolean rotate() {
    commands.enter(Phase.ROTATING);
    pace.start(ticker.nanoTime() + plan.delay().toNanos());
    while (waitUntilDue()) {
      pace.advance();
      if (!holding.isEmpty()) {
        holding.giveBackOldest();
      }
      if (guard.hasRoom() && !take()) {
        return waitWhile(Phase.EXHAUSTED);
      }
    }
    return false;
  }

  private void rampDown() {
    if (!hold()) {
      return;
    }
    commands.enter(Phase.RAMPING_DOWN);
    pace.start(ticker.nanoTime());
    while (!holding.isEmpty() && waitUntilDue()) {
      pace.advance();
      holding.giveBackOldest();
    }
  }

  private void end(Phase phase, Throwable failure) {
    long committed = counters.committed;
    holding.release();
    process.heap().forget();
    if (commands.isCollecting()) {
      System.gc();
    }
    commands.enter(phase);
    if (failure == null) {
      log.released(committed, commands.whyReleased());
    }
    close();
    whenOver.run();
    if (failure != null) {
      log.failed(failure.getClass().getName()); // last, since a name may be allocated
    }
  }

  /**
   * Closing allocates, and the application may have taken what we gave back: so it may take two.
   */
  private void close() {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        control.close();
        process.close();
        return;
      } catch (IOException | OutOfMemoryError again) {
        ticker.park(10_000_000);
      }
    }
  }
}
