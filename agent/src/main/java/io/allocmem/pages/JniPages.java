package io.allocmem.pages;

/**
 * Access to pages through the page library, {@code pages.c} and {@code trim.c}, which pins an array
 * for the length of a call.
 */
final class JniPages implements Pages {
  private static final int MADV_DONTNEED = Mapping.MADV_DONTNEED;
  private static final int MADV_REMOVE = Mapping.MADV_REMOVE;

  /** Size of an allocation that glibc always maps anew (M_MMAP_THRESHOLD in mallopt(3)). */
  private static final long ALWAYS_MAPPED = 33L << 20;

  private int onHeap = MADV_DONTNEED;
  private boolean heapTried;
  private String unavailableOnHeap;
  private boolean offHeapTried;
  private String unavailableOffHeap;

  /**
   * Links the native methods of the loaded library. Calls each method once, since the JVM links at
   * the first call, and allocates.
   *
   * @throws UnsatisfiedLinkError if no matching library is loaded in this class loader
   */
  JniPages() {
    pageSize(); // first: a library of another version may lack the method
    int[] array = new int[1];
    resident(array, 0, 1);
    drop(array, 0, 1);
    touch(0, 0, 0, OffHeap.PAGE_SIZE);
    huge(0, 0, OffHeap.PAGE_SIZE);
    lock(0, 0);
    trim(new int[][] {array}, 1, 0, 1, 1, 1, OffHeap.PAGE_SIZE, MADV_DONTNEED, new long[3]);
    stackPointer();
  }

  /** Returns the page size in bytes. Needs the loaded library, and nothing else. */
  static int pageSize() {
    return (int) sizeOfPage();
  }

  private static native long sizeOfPage();

  private static native long stackPointer();

  private static native long addressOf(int[] array);

  private static native long write(long from, long to, int pageSize, int huge);

  private static native long adviseHuge(long from, long to, int huge);

  private static native long lock(long from, long to, int pageSize, boolean on);

  private static native long resident(int[] array, long address, long from, long to, int pageSize);

  private static native long giveBack(
      int[] array, long address, long length, long from, long to, int pageSize, int advice);

  private static native long trim(
      int[][] arrays,
      int count,
      int header,
      long length,
      long committed,
      long kept,
      int pageSize,
      int advice,
      long[] result);

  /**
   * Determines the method of releasing pages of this heap, and tests the method: once, before the
   * first plan on the heap.
   */
  private void tryHeap() {
    int[] array = new int[16 * OffHeap.PAGE_SIZE / Integer.BYTES];
    Mapping heap = Mapping.at(addressOf(array));
    onHeap = heap == null ? MADV_DONTNEED : heap.advice();
    unavailableOnHeap = onHeap == Mapping.NONE ? heap.refusal() : refusal(array);
  }

  /**
   * Releases and counts an array's pages; returns null if both work on this heap, else the reason.
   */
  private String refusal(int[] array) {
    long length = (long) array.length * Integer.BYTES;
    long error = 0;
    for (int attempt = 0; attempt < 10; attempt++) { // a collection may move the array in between
      error = drop(array, 0, length);
      long resident = resident(array, 0, length);
      if (error == 0 && resident != UNKNOWN && resident <= OffHeap.PAGE_SIZE) {
        return null;
      }
    }
    if (error == HANDED_OUT_A_COPY) {
      return "this JVM hands out copies of its arrays (-Xcheck:jni?)";
    }
    long locked = LockedMemory.bytes();
    return locked > 0
        ? LockedMemory.reason(locked)
        : "the kernel keeps the pages of the Java heap: large pages, or user-mode emulation (errno "
            + -error
            + ")";
  }

  /**
   * Tests new memory outside the heap, if any memory is locked: mlockall(2) with MCL_FUTURE locks
   * new memory, and makes untouched pages resident. Once, before the first plan: an armed agent has
   * no memory outside the heap.
   */
  private void tryOffHeap() {
    long locked = LockedMemory.bytes();
    if (locked > 0 && isNewMemoryResident()) {
      unavailableOffHeap = LockedMemory.reason(locked);
    }
  }

  private boolean isNewMemoryResident() {
    try {
      long allocation = OffHeap.allocate(ALWAYS_MAPPED);
      long page = OffHeap.PAGE_SIZE;
      long inside = ALWAYS_MAPPED - page;
      long resident = resident((allocation + page - 1) / page * page, 0, inside);
      OffHeap.free(allocation);
      return resident > inside / 2;
    } catch (OutOfMemoryError overLimit) { // RLIMIT_MEMLOCK applies to locked memory only
      return true;
    }
  }

  @Override
  public String unavailable() {
    return null;
  }

  @Override
  public String unavailableOnHeap() {
    if (!heapTried) {
      tryHeap();
      heapTried = true;
    }
    return unavailableOnHeap;
  }

  @Override
  public String unavailableOffHeap() {
    if (!offHeapTried) {
      tryOffHeap();
      offHeapTried = true;
    }
    return unavailableOffHeap;
  }

  @Override
  public boolean isLocked() {
    return unavailableOffHeap() != null;
  }

  @Override
  public boolean touch(long address, long from, long to, int pageSize) {
    write(address + from, address + to, OffHeap.PAGE_SIZE, pageSize);
    return true;
  }

  @Override
  public long huge(long from, long to, int pageSize) {
    return adviseHuge(from, to, pageSize);
  }

  @Override
  public long lock(long from, long to) {
    return lock(from, to, OffHeap.PAGE_SIZE, true);
  }

  @Override
  public long unlock(long from, long to) {
    return lock(from, to, OffHeap.PAGE_SIZE, false);
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
    return giveBack(array, 0, length, from, to, OffHeap.PAGE_SIZE, onHeap);
  }

  @Override
  public long trim(int[][] arrays, int count, long committed, long kept, long[] result) {
    int header = ArrayHeader.INTS;
    long length = (long) arrays[0].length * Integer.BYTES;
    return trim(arrays, count, header, length, committed, kept, OffHeap.PAGE_SIZE, onHeap, result);
  }

  @Override
  public long drop(long address, long length, long from, long to) {
    return giveBack(null, address, length, from, to, OffHeap.PAGE_SIZE, MADV_DONTNEED);
  }

  @Override
  public long punch(long address, long length, long from, long to) {
    return giveBack(null, address, length, from, to, OffHeap.PAGE_SIZE, MADV_REMOVE);
  }
}
