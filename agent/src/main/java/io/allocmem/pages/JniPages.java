package io.allocmem.pages;

/** Through the page library, {@code pages.c}, which pins an array for the length of one call. */
final class JniPages implements Pages {
  /**
   * The methods of the loaded library; calls each once, since the JVM links it then, and allocates.
   *
   * @throws UnsatisfiedLinkError when no library that fits is loaded in this class loader
   */
  JniPages() {
    int[] array = new int[1];
    resident(array, 0, 1);
    drop(array, 0, 1);
    stackPointer();
  }

  private static native long stackPointer();

  private static native long resident(int[] array, long address, long from, long to, int pageSize);

  private static native long drop(
      int[] array, long address, long length, long from, long to, int pageSize);

  @Override
  public String unavailable() {
    return null;
  }

  @Override
  public long stackAddress() {
    return stackPointer();
  }

  @Override
  public long resident(int[] array, long from, long to) {
    return Math.max(UNKNOWN, resident(array, 0, from, to, OffHeap.PAGE_SIZE));
  }

  @Override
  public long resident(long address, long from, long to) {
    return Math.max(UNKNOWN, resident(null, address, from, to, OffHeap.PAGE_SIZE));
  }

  @Override
  public long drop(int[] array, long from, long to) {
    long length = (long) array.length * Integer.BYTES;
    return drop(array, 0, length, from, to, OffHeap.PAGE_SIZE);
  }

  @Override
  public long drop(long address, long length, long from, long to) {
    return drop(null, address, length, from, to, OffHeap.PAGE_SIZE);
  }
}
