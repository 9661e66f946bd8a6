package io.allocmem.area;

/**
 * The area refused a block. Each area makes its one instance while there is still memory, and
 * without a stack trace: throwing it allocates nothing.
 */
public final class AreaExhausted extends Exception {
  private static final long serialVersionUID = 1;

  AreaExhausted(String reason) {
    super(reason, null, false, false);
  }

  /**
   * This refusal, brought about by that error. Allocates nothing.
   *
   * @throws OutOfMemoryError that error, where it was the heap that had no room, for what the area
   *     needs beside a block
   */
  AreaExhausted by(OutOfMemoryError error) {
    String message = error.getMessage();
    // HotSpot's words for it (memory/universe.cpp), made when the JVM starts
    if (message != null
        && (message.startsWith("Java heap space") || message.startsWith("GC overhead limit"))) {
      throw error;
    }
    return this;
  }
}
