package io.allocmem.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Output of a process: each line at once, or the last lines for display after the end of the
 * process.
 */
final class OutputTail {
  private static final int MOST = 100;

  private final Deque<String> lines = new ArrayDeque<>();
  private final PrintWriter out;
  private final Thread reader;

  /**
   * Reads the lines in a separate thread.
   *
   * @param out printer of each line; null to keep the last lines
   */
  OutputTail(Process process, PrintWriter out) {
    this.out = out;
    reader = new Thread(() -> read(process), "tail");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader in = process.inputReader()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException ended) {
      return;
    }
  }

  private void add(String line) {
    if (out == null) {
      keep(line);
    } else {
      out.println(line);
    }
  }

  private synchronized void keep(String line) {
    lines.add(line);
    if (lines.size() > MOST) {
      lines.remove();
    }
  }

  /** Returns the kept lines; call after the end of the process. */
  List<String> lines() throws InterruptedException {
    reader.join(1000);
    synchronized (this) {
      return List.copyOf(lines);
    }
  }
}
