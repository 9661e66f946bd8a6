package io.allocmem.launcher.attach;

/**
 * What an attempt brought.
 *
 * @param answer the agent's; empty when it gave none
 * @param failure of the way there, null when it ended well; it may come with a success, too
 */
record Attempt(String answer, Exception failure) {}
