package io.allocmem.control;

/** Where a plan stands. The order is part of the control file's protocol: add at the end only. */
public enum Phase {
  /** Accepted; waits for the first resume, or for its time to begin. */
  WAITING,
  /** Takes blocks. */
  ALLOCATING,
  /** Told to pause: takes and touches nothing, keeps what it holds. */
  PAUSED,
  /** Reached its limit, and keeps what it holds. */
  HOLDING,
  /** The area refused a block; keeps what it holds. A resume tries again. */
  EXHAUSTED,
  /** Gave everything back; its thread has ended. */
  RELEASED,
  /** Ended by an error of its own, which the message names; gave everything back. */
  FAILED,
  /** One more block would leave less free than the plan must keep free; goes on when it may. */
  GUARDED,
  /** At its limit, gives the oldest block back for each that it takes. */
  ROTATING,
  /** Gives block after block back. */
  RAMPING_DOWN,
  /** Never written: how a reader names a phase that only a newer agent knows. */
  OTHER;

  /** Whether nothing is held any more, and nothing will be. */
  public boolean isOver() {
    return this == RELEASED || this == FAILED;
  }
}
