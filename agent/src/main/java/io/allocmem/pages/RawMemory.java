package io.allocmem.pages;

import java.lang.reflect.Field;
import sun.misc.Unsafe;
import sun.misc.VM;

/**
 * Memory by address, on JDK 8. The twin in {@code META-INF/java/9} has the same methods, and newer
 * JDKs load the twin. Any thread. Allocates nothing on the heap.
 *
 * <p>Calls the JDK directly: a method handle would load a hundred classes into the service, and
 * would allocate at the 128th call.
 */
final class RawMemory {
  private static final Unsafe UNSAFE = unsafe();

  private RawMemory() {}

  /** Returns the only instance. {@code getUnsafe()} refuses callers outside of the JDK. */
  private static Unsafe unsafe() {
    try {
      Field instance = Unsafe.class.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return (Unsafe) instance.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

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
