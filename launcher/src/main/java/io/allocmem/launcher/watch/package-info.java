/**
 * A picture over time: look after look at a JVM's plans, shown on a terminal or in lines, recorded,
 * and answered by keys.
 */
package io.allocmem.launcher.watch;
