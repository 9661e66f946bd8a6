/** Options at the start of a JVM, from each source in HotSpot's order. */
package io.allocmem.options;
