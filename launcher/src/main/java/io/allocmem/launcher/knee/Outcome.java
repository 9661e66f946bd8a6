package io.allocmem.launcher.knee;

/** Outcome of a step. */
enum Outcome {
  /** The service kept its promise. */
  KEPT,
  /** The service broke its promise, or a stop condition ended the step. */
  BROKEN,
  /** The heap could not be held that full. */
  REFUSED
}
