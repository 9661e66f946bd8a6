/** The launcher: beside the target, injects the agent by pid, asks it and commands it. */
package io.allocmem.launcher;
