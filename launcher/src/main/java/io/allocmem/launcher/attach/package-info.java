/**
 * The way in: why a JVM cannot be attached to, and where it can, the agent's jar laid for it and
 * loaded with one plan, as its own user where it takes no other's word.
 */
package io.allocmem.launcher.attach;
