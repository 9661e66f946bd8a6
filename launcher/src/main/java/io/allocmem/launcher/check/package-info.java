/**
 * A foretelling: what a plan would meet in a JVM, from what is seen of it from outside. Changes
 * nothing there.
 */
package io.allocmem.launcher.check;
