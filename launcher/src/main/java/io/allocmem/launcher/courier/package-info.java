/**
 * Code of the courier, root's second process. The courier has only the rights of the target's user,
 * and does the work in a JVM that only this user may do.
 */
package io.allocmem.launcher.courier;
