package io.allocmem;

import java.io.FileOutputStream;
import java.io.IOException;

/**
 * The application of a JVM that has nothing to do but leak: it waits for the end of its input, so
 * it ends with the launcher that started it, however that ended.
 */
public final class Alone {
  private Alone() {}

  /**
   * Returns when stdin ends.
   *
   * @param answer the file to write to once the plan has started, as it has before this runs: a
   *     launcher that looks for a plan from time to time can miss one that is soon over
   */
  public static void main(String[] answer) throws IOException {
    try (FileOutputStream out = new FileOutputStream(answer[0])) {
      out.write('.');
    }
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
