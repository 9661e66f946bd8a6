package io.allocmem.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Last lines of a process's output, for display after the end of the process. */
final class OutputTail {
  private static final int MOST = 100;

  private final Deque<String> lines = new ArrayDeque<>();
  private final Thread reader;

  /** Reads the lines in a separate thread. */
  OutputTail(Process process) {
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

  private synchronized void add(String line) {
    lines.add(line);
    if (lines.size() > MOST) {
      lines.remove();
    }
  }

  /** Returns the lines; call after the end of the process. */
  List<String> lines() throws InterruptedException {
    reader.join(1000);
    synchronized (this) {
      return List.copyOf(lines);
    }
  }
}
