package io.allocmem.launcher.knee;

/** Outcome of a step. */
enum Outcome {
  /** The service kept its promise. */
  KEPT,
  /** The service broke its promise. */
  BROKEN,
  /** A stop condition ended the step, which is a breach as well. */
  STOPPED,
  /** The heap could not be held that full. */
  REFUSED;

  /** Returns true if the service was not what was asked for. */
  boolean isBreach() {
    return this == BROKEN || this == STOPPED;
  }
}
