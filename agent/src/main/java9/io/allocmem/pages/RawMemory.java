package io.allocmem.pages;

import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;

/** Memory by address, on JDK 9 and newer: see the class for JDK 8. */
final class RawMemory {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  private RawMemory() {}

  /** Allocates bytes, and returns their address. */
  static long allocate(long bytes) {
    return UNSAFE.allocateMemory(bytes);
  }

  /** Frees an allocation. */
  static void free(long address) {
    UNSAFE.freeMemory(address);
  }

  /** Writes an int at an address. */
  static void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  /** Reads the int at an address. */
  static int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  /** Reads four bytes of an object, at an offset in bytes from the object's start. */
  static int getInt(Object object, long offset) {
    return UNSAFE.getInt(object, offset);
  }

  /** Returns the page size in bytes. */
  static int pageSize() {
    return UNSAFE.pageSize();
  }

  /** Returns the size of an address in bytes: 4 or 8. */
  static int addressSize() {
    return UNSAFE.addressSize();
  }

  /** Returns the limit of direct buffers in bytes. */
  static long maxDirectMemory() {
    return VM.maxDirectMemory();
  }
}
