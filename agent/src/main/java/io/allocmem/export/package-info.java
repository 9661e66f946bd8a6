/** A plan's status for JMX clients and for the JDK's flight recorder. */
package io.allocmem.export;
