/**
 * Allocation loop: one thread per plan takes blocks at the plan's pace, holds the blocks and
 * releases them.
 */
package io.allocmem.allocator;
