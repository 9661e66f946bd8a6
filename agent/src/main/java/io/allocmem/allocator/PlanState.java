package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.HoldPlan;

/**
 * State of a running plan: phase, readings, messages, and the order to release. All transitions
 * between phases happen here. Only the plan's thread uses an instance; {@link CommandPoll}
 * publishes the state. Allocates nothing after construction.
 */
final class PlanState extends Readings {
  /** Most recent status message; empty for none. */
  final AsciiLine message = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  /** Number of log lines that were dropped, and the cause; empty for none. */
  final AsciiLine logNote = new AsciiLine(ControlLayout.MESSAGE_BYTES / 2);

  private final AsciiLine wholeMessage = new AsciiLine(ControlLayout.MESSAGE_BYTES);
  private final boolean waitsForResume;

  /** True for a plan that takes all memory: the refusal of a block is the aim of such a plan. */
  private final boolean takesAll;

  /** Blocks that are ordered from other threads, and not allocated as far as known. */
  private int ordered;

  /** Blocks that count, but are not held yet: a thread touches them. */
  private int underWay;

  private Phase phase;

  /** Phase of a paused plan after the resume. */
  private Phase interrupted;

  private boolean releasing;

  /** The plan's own reason for the release; null for a command. */
  private String reason;

  PlanState(HoldPlan plan) {
    boolean waits = plan.breaksFirst() || !plan.waitFirst().isZero();
    this.phase = waits ? Phase.WAITING : Phase.ALLOCATING;
    this.waitsForResume = plan.breaksFirst();
    this.takesAll = plan.limit().isNone() && plan.until() == null;
    set(Reading.REACHED, 0);
  }

  Phase phase() {
    return phase;
  }

  /** Returns true while the plan is in the given phase, and not releasing. */
  boolean staysIn(Phase one) {
    return phase == one && !releasing;
  }

  /** Records orders for blocks; negative for orders that ended. */
  void order(int blocks) {
    ordered += blocks;
  }

  /** Returns the number of blocks that are ordered, and not allocated as far as known. */
  int ordered() {
    return ordered;
  }

  /** Records a block that counts, and is not held yet. */
  void blockBegins() {
    underWay++;
  }

  /** Records that the plan holds a block that was under way. */
  void blockEnds() {
    underWay--;
  }

  /** Returns the number of blocks that count, and are not held yet. */
  int underWay() {
    return underWay;
  }

  /** Returns the number of blocks that the plan holds, without the blocks under way. */
  long blocksHeld() {
    return get(Reading.BLOCKS) - underWay;
  }

  /** Changes the phase. A paused plan enters the phase at the resume. */
  void enter(Phase next) {
    if (next == Phase.HOLDING) {
      set(Reading.REACHED, 1);
    } else if (next == Phase.EXHAUSTED || next == Phase.GUARDED) {
      set(Reading.REACHED, takesAll ? 1 : 0);
    }
    if (phase == Phase.PAUSED && !next.isOver()) {
      interrupted = next;
    } else {
      phase = next;
    }
  }

  /** Pauses the plan. A plan that waits for a resume counts as paused. Returns true if changed. */
  boolean pause() {
    if (phase == Phase.PAUSED || phase == Phase.WAITING && waitsForResume) {
      return false;
    }
    interrupted = phase;
    phase = Phase.PAUSED;
    return true;
  }

  /**
   * Resumes a paused plan, starts a waiting plan, and lets an exhausted plan try again. Returns
   * true if changed.
   */
  boolean resume() {
    boolean paused = phase == Phase.PAUSED;
    Phase before = paused ? interrupted : phase;
    boolean allocates = before == Phase.EXHAUSTED || before == Phase.WAITING && !paused;
    if (!paused && !allocates) {
      return false;
    }
    phase = allocates ? Phase.ALLOCATING : before;
    return true;
  }

  /**
   * Starts the release; the first reason stays.
   *
   * @param why the plan's own reason; null for a command
   * @return false if the plan is releasing already
   */
  boolean release(String why) {
    if (releasing) {
      return false;
    }
    releasing = true;
    reason = why;
    return true;
  }

  /** Returns true if no further block may be allocated: the plan ends. */
  boolean isReleasing() {
    return releasing;
  }

  /** Returns the plan's own reason for the release; null for a command. */
  String reason() {
    return reason;
  }

  /** Returns the message and the note on the log; valid until the next call. */
  AsciiLine wholeMessage() {
    wholeMessage.clear().append(message);
    if (message.length() > 0 && logNote.length() > 0) {
      wholeMessage.append(';').append(' ');
    }
    return wholeMessage.append(logNote);
  }
}
