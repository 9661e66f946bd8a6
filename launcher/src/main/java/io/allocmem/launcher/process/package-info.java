/**
 * A process from outside: data from the kernel, files and options of a JVM, read without sending a
 * byte or a signal. Also the common means of output: failures, sizes, tables.
 */
package io.allocmem.launcher.process;
