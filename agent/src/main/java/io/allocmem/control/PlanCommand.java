package io.allocmem.control;

/**
 * Command of a launcher to a plan. The order is part of the control file's protocol: add at the end
 * only.
 */
public enum PlanCommand {
  /** No command yet. */
  NONE,
  /** Allocate and touch nothing more. */
  PAUSE,
  /** Continue after a break, a pause or an exhaustion. */
  RESUME,
  /** Release everything and end. */
  RELEASE,
  /**
   * Release everything and end, and ask the JVM for a collection, so that heap figures show the
   * release.
   */
  RELEASE_AND_COLLECT
}
