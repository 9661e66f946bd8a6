/**
 * Launcher: runs beside the target, injects the agent by pid, reads status and sends commands. This
 * package has the commands: {@link io.allocmem.launcher.Launcher} has the words parsed by {@code
 * AllocmemCommand}, which calls a {@code …Command}.
 *
 * <p>Calls go downwards only:
 *
 * <ul>
 *   <li>{@code report}, {@code watch} and {@code check}: reports from a record, a live view, a
 *       prediction; independent of each other
 *   <li>{@code restart}: decisions about a plan that starts again after a restart of its service
 *   <li>{@code attach}: attach to a JVM, for the commands and {@code check} only
 *   <li>{@code control}: channel to the plans inside a JVM
 *   <li>{@code process}: a process from outside
 * </ul>
 */
package io.allocmem.launcher;
