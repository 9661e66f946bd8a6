/** Meters: measurements of the heap, of the process, of its container, and of kernel limits. */
package io.allocmem.readings;
