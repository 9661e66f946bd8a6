package io.allocmem.pages;

import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/**
 * Memory of the C library, and facts about this JVM for the areas. Any thread. Allocates nothing on
 * the heap.
 *
 * <p>{@code Unsafe.allocateMemory} does not zero memory, so untouched memory stays out of RAM.
 * {@code ByteBuffer.allocateDirect} would zero all memory.
 */
public final class OffHeap {
  /** Page size of this machine in bytes. */
  public static final int PAGE_SIZE = RawMemory.pageSize();

  /** Bounds of an array's header in bytes: a mark word, and three words of 8 bytes. */
  private static final int SMALLEST_HEADER = 8;

  private static final int LARGEST_HEADER = 32;

  /**
   * Header size of an {@code int[]} in bytes: 12, 16, 20 or 24. The size depends on the JDK, and on
   * the flags for compressed class pointers and compact object headers.
   */
  public static final int INT_ARRAY_HEADER = intArrayHeader();

  /**
   * Upper bound of an allocation. On a 32-bit machine a page less than 4 GiB, which the C library
   * always refuses: Unsafe throws an IllegalArgumentException for 4 GiB.
   */
  private static final long MOST_BYTES =
      RawMemory.addressSize() == Integer.BYTES ? 0xffff_f000L : Long.MAX_VALUE;

  private OffHeap() {}

  /**
   * Finds the first element by its value: {@code arrayBaseOffset} returns int up to JDK 24 and long
   * from 25 on, so no class file can call the method on all JDKs. No other word behind the mark
   * word changes.
   */
  private static int intArrayHeader() {
    int[] array = new int[LARGEST_HEADER / Integer.BYTES];
    for (int offset = SMALLEST_HEADER; offset <= LARGEST_HEADER; offset += Integer.BYTES) {
      array[0] = 1;
      int before = RawMemory.getInt(array, offset);
      array[0] = 2;
      if (before == 1 && RawMemory.getInt(array, offset) == 2) {
        return offset;
      }
    }
    throw new IllegalStateException("the header of an array is larger than " + LARGEST_HEADER);
  }

  /**
   * Allocates memory, not zeroed and not resident.
   *
   * @return the address, aligned to at least 16 bytes
   * @throws OutOfMemoryError if the C library refuses. Java code throws this error, so the error
   *     triggers none of the JVM's OnOutOfMemoryError flags
   */
  public static long allocate(long bytes) {
    return RawMemory.allocate(Math.min(bytes, MOST_BYTES));
  }

  /** Frees an allocation. */
  public static void free(long address) {
    RawMemory.free(address);
  }

  /** Writes an int at the address. A read would only map the kernel's shared zero page. */
  public static void touch(long address) {
    RawMemory.putInt(address, 1);
  }

  /** Reads the int at the address. */
  public static int read(long address) {
    return RawMemory.getInt(address);
  }

  /** Returns the limit of direct buffers in bytes: {@code -XX:MaxDirectMemorySize}. */
  public static long maxDirectMemory() {
    return RawMemory.maxDirectMemory();
  }

  /** Returns the address of a direct or mapped buffer's memory. */
  public static long addressOf(ByteBuffer buffer) {
    return ((DirectBuffer) buffer).address();
  }

  /** Frees a direct or mapped buffer's memory now, not at a later collection. */
  public static void free(ByteBuffer buffer) {
    BufferCleaner.clean(buffer);
  }
}
