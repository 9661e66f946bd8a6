/**
 * What runs in the courier, root's second process: it has no more than a target's user has, and
 * does what only that user may do in a JVM.
 */
package io.allocmem.launcher.courier;
