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
  public static final int PAGE_SIZE = pageSize();

  private OffHeap() {}

  /** Asks the page library, so that an armed agent needs no internals of the JDK. */
  private static int pageSize() {
    try {
      return JniPages.pageSize();
    } catch (UnsatisfiedLinkError noLibrary) {
      return RawMemory.pageSize();
    }
  }

  /**
   * Returns the upper bound of an allocation. On a 32-bit machine a page less than 4 GiB, which the
   * C library always refuses: Unsafe throws an IllegalArgumentException for 4 GiB.
   */
  private static long mostBytes() {
    return RawMemory.addressSize() == Integer.BYTES ? 0xffff_f000L : Long.MAX_VALUE;
  }

  /**
   * Allocates memory, not zeroed and not resident.
   *
   * @return the address, aligned to at least 16 bytes
   * @throws OutOfMemoryError if the C library refuses. Java code throws this error, so the error
   *     triggers none of the JVM's OnOutOfMemoryError flags
   */
  public static long allocate(long bytes) {
    return RawMemory.allocate(Math.min(bytes, mostBytes()));
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
