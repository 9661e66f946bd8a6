package io.allocmem;

import java.io.IOException;

/**
 * The application of a JVM that has nothing to do but leak: it waits for the end of its input, so
 * it ends with the launcher that started it, however that ended.
 */
public final class Alone {
  private Alone() {}

  /** Returns when stdin ends. */
  public static void main(String[] none) throws IOException {
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
