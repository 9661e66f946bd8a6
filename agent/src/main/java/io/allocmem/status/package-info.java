/** The answer: what a plan says of itself, and the control file that carries it both ways. */
package io.allocmem.status;
