/**
 * The launcher: beside the target, injects the agent by pid, asks it and commands it. Here are the
 * commands: {@link io.allocmem.launcher.Launcher} parses and calls one {@code …Command}.
 *
 * <p>One way down from there, and none back:
 *
 * <ul>
 *   <li>{@code report}, {@code watch} and {@code check}: a record as a page, a picture over time, a
 *       foretelling; none knows another
 *   <li>{@code attach}: the way into a JVM, for the commands and {@code check} only
 *   <li>{@code control}: the channel to the plans inside
 *   <li>{@code process}: a process from outside
 * </ul>
 */
package io.allocmem.launcher;
