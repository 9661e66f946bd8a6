/**
 * Open-loop load client: requests of a fixed rate to a service, whatever the service answers, and
 * the times of the answers from the intended start of each request.
 */
package io.allocmem.launcher.load;
