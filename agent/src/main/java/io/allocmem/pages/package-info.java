/** Memory as seen by the kernel: pages, and memory outside the heap. */
package io.allocmem.pages;
