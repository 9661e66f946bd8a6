package io.allocmem;

import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Main class of a JVM with a plan as its only work. The main method waits for the end of stdin. The
 * JVM therefore ends with the launcher that started the JVM, however the launcher ended.
 */
public final class Alone {
  private Alone() {}

  /**
   * Returns when stdin ends; never if the plan was refused, since another thread then ends the JVM.
   *
   * @param answer file to write to, as a sign of a started plan. The plan starts before this method
   *     runs. A launcher that polls for plans instead can miss a short plan.
   */
  public static void main(String[] answer) throws IOException, InterruptedException {
    if (RefusedStart.hasBegun()) {
      Thread.currentThread().join();
    }
    try (FileOutputStream out = new FileOutputStream(answer[0])) {
      out.write('.');
    }
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
