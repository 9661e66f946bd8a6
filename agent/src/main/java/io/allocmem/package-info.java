/** The agent: a door in the application's loader, and behind it the plans of this JVM. */
package io.allocmem;
