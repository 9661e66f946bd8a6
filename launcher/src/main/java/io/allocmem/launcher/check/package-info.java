/** Prediction for a plan in a JVM, from data visible outside. Changes nothing in the JVM. */
package io.allocmem.launcher.check;
