/**
 * Agent of allocmem: an entry point in the application's class loader, and the plans of this JVM.
 */
package io.allocmem;
