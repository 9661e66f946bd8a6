package io.allocmem.control;

/** Phase of a plan. The order is part of the control file's protocol: add at the end only. */
public enum Phase {
  /** Accepted; waits for the first resume, or for the start time. */
  WAITING,
  /** Allocates blocks. */
  ALLOCATING,
  /** Paused by a command: allocates and touches nothing, keeps all held blocks. */
  PAUSED,
  /** At the limit; keeps all held blocks. */
  HOLDING,
  /** Stopped after the area refused a block; keeps all held blocks. A resume tries again. */
  EXHAUSTED,
  /** Released everything; the plan's thread has ended. */
  RELEASED,
  /** Ended by an internal error, named in the message; released everything. */
  FAILED,
  /**
   * Waits, since another block would leave less memory free than the plan must keep free; continues
   * when the block fits.
   */
  GUARDED,
  /** At the limit; releases the oldest block for each new block. */
  ROTATING,
  /** Releases block after block. */
  RAMPING_DOWN,
  /** Never written: stands for a phase that only a newer agent knows. */
  OTHER;

  /** Returns whether the plan holds nothing any more, for good. */
  public boolean isOver() {
    return this == RELEASED || this == FAILED;
  }
}
