/** Plans of memory to hold, immutable, with units in their types. Depends on the JDK alone. */
package io.allocmem.plan;
