/** Memory areas: one class per kind of memory, behind a common interface. */
package io.allocmem.area;
