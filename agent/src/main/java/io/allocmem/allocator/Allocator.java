package io.allocmem.allocator;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.ControlFile;
import io.allocmem.status.Counters;
import io.allocmem.status.Phase;
import io.allocmem.status.ProcessReadings;
import java.io.IOException;

/**
 * Carries out one plan, in a daemon thread of its own, from the first block to the release. This
 * thread alone owns the blocks. From the first block to the last it allocates nothing but blocks,
 * and no error of the heap ends it before everything is given back.
 */
public final class Allocator implements Runnable {
  /** Pages are touched in slices: between two of them a command can come. */
  private static final long SLICE = 16L << 20;

  private final HoldPlan plan;
  private final MemoryArea area;
  private final ControlFile control;
  private final ProcessReadings process;
  private final Runnable whenOver;
  private final Ticker ticker;
  private final HeldBlocks held = new HeldBlocks();
  private final Counters counters = new Counters();
  private final Pace pace;
  private final PlanLog log;
  private final Control commands;
  private final Residency residency;
  private final boolean fillEnforced;
  private final long touchedPerBlock;
  private final String caveat;

  /** Said when the heap has no room; a literal would become an object when it is first used. */
  private final String noRoomForLists;

  /**
   * Makes everything that the plan will need; takes nothing yet.
   *
   * @param whenOver told, in the plan's thread, when everything is given back
   */
  public Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      Runnable whenOver) {
    this(plan, area, control, process, whenOver, Ticker.SYSTEM);
  }

  Allocator(
      HoldPlan plan,
      MemoryArea area,
      ControlFile control,
      ProcessReadings process,
      Runnable whenOver,
      Ticker ticker) {
    this.plan = plan;
    this.area = area;
    this.control = control;
    this.process = process;
    this.whenOver = whenOver;
    this.ticker = ticker;
    this.pace = new Pace(plan.delay().toNanos());
    this.log = new PlanLog(plan);
    this.commands = new Control(control, counters, process, ticker);
    this.residency = new Residency(plan, area, held, counters, commands, process, ticker);
    this.touchedPerBlock = plan.fill().of(plan.blockSize()).bytes();
    this.noRoomForLists = String.valueOf("no room on the Java heap for the agent's own lists");
    String unavailable = area.pagesUnavailable();
    this.fillEnforced = unavailable == null || plan.fill().isFull() || !area.isResidentAtFirst();
    boolean waits = plan.breaksFirst() || !plan.waitFirst().isZero();
    counters.phase = waits ? Phase.WAITING : Phase.ALLOCATING;
    this.caveat = unavailable == null ? "" : caveat(unavailable);
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
    counters.message.append(caveat);
    log.rehearse(counters, process);
    commands.open();
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
        goOn = fill() && waitWhile(counters.phase);
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

  /** Waits so long at most; obeys, and keeps the held blocks as they should be. */
  private void rest(long nanos) {
    commands.park(nanos);
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

  /** Takes blocks up to the limit or to exhaustion; false when told to release. */
  private boolean fill() {
    counters.message.clear().append(caveat);
    long start = ticker.nanoTime();
    pace.start(start);
    while (!plan.limit().isReachedBy(counters.committed)) {
      if (!waitUntilDue()) {
        return false;
      }
      pace.advance();
      String refusal = takeBlock();
      if (refusal != null) {
        exhausted(refusal);
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

  /** Takes and touches one block; the reason when it is refused. */
  private String takeBlock() {
    Block block;
    try {
      held.reserve();
      block = area.allocate(plan.blockSize());
    } catch (AreaExhausted refused) {
      return refused.getMessage();
    } catch (OutOfMemoryError full) {
      return noRoomForLists;
    }
    held.add(block);
    counters.blocks++;
    counters.committed += block.committed();
    touch(block);
    residency.settle(block);
    log.block(counters, fillEnforced);
    log.stats(counters, process);
    return null;
  }

  private void touch(Block block) {
    long before = counters.touched;
    for (long at = 0; at < touchedPerBlock && proceed(); at += SLICE) {
      long to = Math.min(touchedPerBlock, at + SLICE);
      block.touch(at, to);
      counters.touched = before + to;
    }
    if (!fillEnforced) {
      counters.touched = before + block.committed();
    }
  }

  private void exhausted(String reason) {
    counters.message.clear().append(reason);
    residency.look();
    commands.enter(Phase.EXHAUSTED);
    log.exhausted(counters, reason);
  }

  private void end(Phase phase, Throwable failure) {
    long committed = counters.committed;
    held.release();
    counters.blocks = 0;
    counters.committed = 0;
    counters.touched = 0;
    counters.resident = Math.min(counters.resident, 0); // or not counted, still
    commands.enter(phase);
    if (failure == null) {
      log.released(committed);
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
