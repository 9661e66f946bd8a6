package io.allocmem.pages;

/** Header of an array on the heap of this JVM. */
public final class ArrayHeader {
  /** Bounds of an array's header in bytes: a mark word, and three words of 8 bytes. */
  private static final int SMALLEST = 8;

  /** Upper bound of the size of a header in bytes. */
  public static final int LARGEST = 32;

  /**
   * Header size of an {@code int[]} in bytes: 12, 16, 20 or 24. The size depends on the JDK, and on
   * the flags for compressed class pointers and compact object headers.
   */
  public static final int INTS = find();

  private ArrayHeader() {}

  /** Finds the size at the first call: with room on the heap. */
  public static void warmUp() {
    // the initialization of this class
  }

  /**
   * Finds the first element by its value: {@code arrayBaseOffset} returns int up to JDK 24 and long
   * from 25 on, so no class file can call the method on all JDKs. No other word behind the mark
   * word changes.
   */
  private static int find() {
    int[] array = new int[LARGEST / Integer.BYTES];
    for (int offset = SMALLEST; offset <= LARGEST; offset += Integer.BYTES) {
      array[0] = 1;
      int before = RawMemory.getInt(array, offset);
      array[0] = 2;
      if (before == 1 && RawMemory.getInt(array, offset) == 2) {
        return offset;
      }
    }
    throw new IllegalStateException("the header of an array is larger than " + LARGEST);
  }
}
