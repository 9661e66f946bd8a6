/** The places that memory is taken from: one class each, behind one seam. */
package io.allocmem.area;
