/**
 * The intent: what is to be held, immutable, with units in its types. Knows nothing but the JDK.
 */
package io.allocmem.plan;
