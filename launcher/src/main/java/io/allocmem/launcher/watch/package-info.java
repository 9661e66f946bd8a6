/**
 * Live view: samples the plans of a JVM, shows the samples on a terminal or as lines, records the
 * samples, and executes keys.
 */
package io.allocmem.launcher.watch;
