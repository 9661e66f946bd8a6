package io.allocmem.area;

/**
 * Refusal of a block by the area. Each area creates its single instance while memory is still free,
 * and without a stack trace: throwing the instance allocates nothing.
 */
public final class AreaExhausted extends Exception {
  private static final long serialVersionUID = 1;

  AreaExhausted(String reason) {
    super(reason, null, false, false);
  }

  /**
   * Returns this refusal, caused by an error. Allocates nothing.
   *
   * @throws OutOfMemoryError the error, if the heap had no room for the area's needs beside a block
   */
  AreaExhausted by(OutOfMemoryError error) {
    String message = error.getMessage();
    // messages of HotSpot (memory/universe.cpp), created at the start of the JVM
    if (message != null
        && (message.startsWith("Java heap space") || message.startsWith("GC overhead limit"))) {
      throw error;
    }
    return this;
  }
}
