package io.allocmem.launcher;

import java.io.IOException;

/** Sends a signal with the shell's own kill: a bare machine has no program of that name. */
final class Signal {
  private Signal() {}

  static void send(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
  }
}
