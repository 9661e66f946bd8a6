/**
 * Channel to the agent inside a JVM. Finds, reads and writes the control files of the plans; turns
 * the contents into status and samples; finds leftovers of dead JVMs. Never attaches to a JVM.
 */
package io.allocmem.launcher.control;
