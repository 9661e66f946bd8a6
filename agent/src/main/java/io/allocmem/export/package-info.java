/** Export of a plan's status to JMX clients and to the JDK's flight recorder. */
package io.allocmem.export;
