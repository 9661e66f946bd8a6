package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.AgentThread;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Carries out one plan in a daemon thread, from the first block to the release. Only this thread
 * owns the blocks; {@link Workers} take blocks by its orders. From the first block to the last, the
 * thread allocates nothing but blocks. No heap error ends the thread before all blocks are
 * released.
 */
public final class Allocator implements Runnable {
  private final HoldPlan plan;
  private final ControlFile control;
  private final ProcessReadings process;
  private final Runnable whenOver;
  private final Ticker ticker;
  private final PlanState state;
  private final Pace pace;
  private final Exports exports;
  private final PlanLog log;
  private final CommandPoll commands;
  private final Guard guard;
  private final HeldBlocks held;
  private final OrderedBlocks ordered;
  private final Turn turn;
  private final Filling filling;

  /** Null for a plan without a target by effect. */
  private final Following following;

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
    this.state = new PlanState(plan);
    this.pace = new Pace(plan.delay().toNanos());
    this.exports = new Exports(plan, control);
    this.log = exports.log;
    this.guard = new Guard(plan, area, process, state, fatal, ticker);
    TargetTime targetTime = new TargetTime(plan, state, guard, ticker);
    EffectPoll effect = new EffectPoll(plan, state, process, guard.goal());
    this.commands =
        new CommandPoll(plan, control, state, process, targetTime, effect, exports, ticker);
    this.caveat = new Caveat(plan, area);
    Residency residency = new Residency(plan, area, state, commands, process, ticker);
    this.held = new HeldBlocks(plan, area, process, state, residency, exports, caveat.fillEnforced);
    this.ordered = new OrderedBlocks(plan, area, state, held, exports);
    this.turn = new Turn(plan, state, commands, guard, held, ordered, pace, log, ticker);
    this.filling =
        new Filling(plan, state, commands, guard, held, ordered, turn, pace, caveat, log, ticker);
    this.following =
        guard.goal() == null
            ? null
            : new Following(state, commands, guard, filling, turn, pace, caveat, log, ticker);
    this.ending = new Ending(state, held, ordered, commands, exports, process, control, ticker);
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
      ordered.end();
      exports.close();
      log.close();
      throw e;
    }
  }

  private void open() throws IOException {
    guard.warmUp(state.message);
    log.warmUp(state, process, control);
    state.message.clear().append(caveat.sentence);
    commands.open();
    exports.show(caveat.sentence);
    Thread thread = AgentThread.of(this, "allocmem-" + plan.name());
    ordered.start();
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
      boolean goOn = turn.toBegin();
      if (!plan.duration().isZero()) {
        commands.releaseAfter(plan.duration().toNanos());
      }
      if (goOn && following != null) {
        following.untilRelease();
        goOn = false;
      }
      while (goOn) {
        goOn = filling.fill() && afterwards();
      }
      ending.released();
    } catch (Throwable unexpected) {
      ending.failed(unexpected);
    }
    whenOver.run();
    log.close();
  }

  /** Performs the action at the limit. Returns true if the plan then takes blocks again. */
  private boolean afterwards() {
    if (!turn.goesOn()) {
      return false;
    }
    if (state.phase() == Phase.ALLOCATING) {
      return true; // paused at the refusal of a block, then resumed
    }
    if (state.phase() == Phase.EXHAUSTED) {
      return turn.whileExhausted();
    }
    switch (plan.then()) {
      case RELEASE:
        if (hold()) {
          state.release(holdIsOver);
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
    return turn.untilDue();
  }

  /**
   * Keeps the plan full while other usage rises and falls. Returns once the area is exhausted or
   * the plan is releasing.
   */
  private boolean keep() {
    while (turn.goesOn()) {
      if (guard.isReached() || !guard.hasRoom()) {
        turn.rest(Long.MAX_VALUE);
      } else if (filling.takeBlock()) {
        pace.start(ticker.nanoTime() + plan.delay().toNanos());
        turn.untilDue();
      } else {
        return turn.whileExhausted();
      }
    }
    return false;
  }

  private boolean cycle() {
    if (!hold()) {
      return false;
    }
    log.cycled(state.get(Reading.COMMITTED));
    held.release();
    commands.enter(Phase.ALLOCATING);
    return true;
  }

  private boolean rotate() {
    commands.enter(Phase.ROTATING);
    log.rotates(state);
    pace.start(ticker.nanoTime() + plan.delay().toNanos());
    while (turn.untilDue()) {
      pace.advance();
      if (guard.isNearError()) {
        continue;
      }
      if (!held.isEmpty()) {
        held.releaseOldest();
      }
      if (guard.hasRoomAgain() && !filling.replaceBlock()) {
        return turn.whileExhausted();
      }
    }
    return false;
  }

  private void rampDown() {
    if (!hold()) {
      return;
    }
    commands.enter(Phase.RAMPING_DOWN);
    log.rampsDown(state);
    pace.start(ticker.nanoTime());
    while (!held.isEmpty() && turn.untilDue()) {
      pace.advance();
      held.releaseOldest();
    }
    if (held.isEmpty()) {
      state.release(rampIsOver);
    }
  }
}
