package io.allocmem.launcher.attach;

/**
 * Result of an attach attempt.
 *
 * @param answer answer of the agent; empty if none
 * @param failure exception on the way to the agent; null if none, possible even after a success
 */
record AttachResult(String answer, Exception failure) {
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
}
