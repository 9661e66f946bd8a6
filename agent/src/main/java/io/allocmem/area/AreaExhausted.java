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
}
