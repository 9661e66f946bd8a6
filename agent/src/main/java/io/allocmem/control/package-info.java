/**
 * The control protocol: the table of readings, a plan's status and phase, commands, and the control
 * file that carries them between agent and launcher.
 */
package io.allocmem.control;
