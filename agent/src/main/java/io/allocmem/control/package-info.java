/**
 * Control protocol: the table of readings, status and phase of a plan, commands, and the control
 * file between agent and launcher.
 */
package io.allocmem.control;
