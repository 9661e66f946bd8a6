/**
 * The channel once an agent is inside: the control files of a JVM's plans, found, read and written,
 * what they say as a status and as samples, and what dead JVMs left there. It attaches to nothing.
 */
package io.allocmem.launcher.control;
