/** The loop: one thread per plan takes blocks at its pace, keeps them and gives them back. */
package io.allocmem.allocator;
