package io.allocmem.pages;

/**
 * Through the page library, {@code pages.c}. An array is pinned for one slice at a time: meanwhile
 * a collection waits, or leaves the array's region alone.
 */
final class JniPages implements Pages {
  /** Bytes a native call: short enough for a collection that comes meanwhile to wait for. */
  private static final long SLICE = 1L << 20;

  /**
   * The methods of the loaded library; calls each once, since the JVM links it then, and allocates.
   *
   * @throws UnsatisfiedLinkError when no library that fits is loaded in this class loader
   */
  JniPages() {
    int[] array = new int[1];
    resident(array, 0, 1);
    drop(array, 0, 1);
  }

  private static native long resident(int[] array, long address, long from, long to, int pageSize);

  private static native long drop(
      int[] array, long address, long length, long from, long to, int pageSize);

  @Override
  public String unavailable() {
    return null;
  }

  @Override
  public long resident(int[] array, long from, long to) {
    return residentInSlices(array, 0, from, to);
  }

  @Override
  public long resident(long address, long from, long to) {
    return residentInSlices(null, address, from, to);
  }

  private static long residentInSlices(int[] array, long address, long from, long to) {
    long sum = 0;
    for (long at = from; at < to; at += SLICE) {
      long bytes = resident(array, address, at, Math.min(to, at + SLICE), OffHeap.PAGE_SIZE);
      if (bytes < 0) {
        return UNKNOWN;
      }
      sum += bytes;
    }
    return sum;
  }

  @Override
  public long drop(int[] array, long from, long to) {
    return dropInSlices(array, 0, (long) array.length * Integer.BYTES, from, to);
  }

  @Override
  public long drop(long address, long length, long from, long to) {
    return dropInSlices(null, address, length, from, to);
  }

  private static long dropInSlices(int[] array, long address, long length, long from, long to) {
    long error = 0;
    for (long at = from; at < to; at += SLICE) {
      long end = Math.min(to, at + SLICE);
      error = Math.min(error, drop(array, address, length, at, end, OffHeap.PAGE_SIZE));
    }
    return error;
  }
}
