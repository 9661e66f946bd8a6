/**
 * Restarts of a service: waits for the next JVM of a name after the end of a JVM, and starts the
 * plan again. Decides only; the command looks for JVMs, attaches, and holds.
 */
package io.allocmem.launcher.restart;
