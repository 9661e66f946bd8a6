/** The kernel's side of memory: pages, and memory outside the heap. */
package io.allocmem.pages;
