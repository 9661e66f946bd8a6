package io.allocmem.control;

/**
 * What a launcher can tell a plan. The order is part of the control file's protocol: add at the end
 * only.
 */
public enum PlanCommand {
  /** Nothing was asked yet. */
  NONE,
  /** Take and touch nothing more. */
  PAUSE,
  /** Go on, after a break, a pause or an exhaustion. */
  RESUME,
  /** Give everything back and end. */
  RELEASE,
  /** The same, and ask the JVM for a collection, so that the heap shows it. */
  RELEASE_AND_COLLECT
}
