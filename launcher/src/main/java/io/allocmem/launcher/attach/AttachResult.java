package io.allocmem.launcher.attach;

/**
 * Result of an attempt to start a plan.
 *
 * @param answer answer of the agent; empty if none
 * @param failure exception on the way to the agent; null if none, possible even after a success
 * @param heldBefore true if the JVM had a plan of this name before the attempt, or may have had
 */
record AttachResult(String answer, Exception failure, boolean heldBefore) {
  /** Text of the failure if the JVM cannot load or start the door of the agent. */
  static final String NOT_STARTED = "Agent JAR loaded but agent failed to initialize";

  /**
   * Returns true if the class loader of the JVM may have no door. An attach that was given up, or a
   * full heap, can leave the path of the jar in the class path without an open jar. The class
   * loader never looks at this path again.
   */
  boolean isWithoutDoor() {
    return answer.isEmpty()
        && failure != null
        && NOT_STARTED.equals(AttachOutcome.rootOf(failure).getMessage());
  }

  AttachResult(String answer, Exception failure) {
    this(answer, failure, false);
  }

  /** Returns the result of an attempt in a JVM that had a plan of this name before. */
  AttachResult afterOther() {
    return new AttachResult(answer, failure, true);
  }
}
