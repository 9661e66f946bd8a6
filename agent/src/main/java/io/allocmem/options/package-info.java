/** The options that a JVM was started with, from each source in the order of HotSpot. */
package io.allocmem.options;
