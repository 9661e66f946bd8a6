/**
 * A process from outside: what the kernel says of it, what a JVM's files and options do, never with
 * a byte or a signal to it. Beside it what each room says things with: a failure, an amount, a
 * table.
 */
package io.allocmem.launcher.process;
