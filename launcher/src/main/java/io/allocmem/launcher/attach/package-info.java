/**
 * Attach: checks why an attach to a JVM is impossible; otherwise puts the agent's jar in place and
 * loads the agent with one plan. If the JVM accepts no other user, a process of the JVM's own user
 * does the work.
 */
package io.allocmem.launcher.attach;
