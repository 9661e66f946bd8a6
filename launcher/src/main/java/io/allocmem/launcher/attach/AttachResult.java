package io.allocmem.launcher.attach;

/**
 * Result of an attach attempt.
 *
 * @param answer answer of the agent; empty if none
 * @param failure exception on the way to the agent; null if none, possible even after a success
 */
record AttachResult(String answer, Exception failure) {}
