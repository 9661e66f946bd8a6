package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Attach listener: the thread by which a JVM accepts attach requests, once the JVM has started the
 * thread.
 */
public record AttachThread(LinuxProcess process) {
  /** Thread name as the kernel stores the name (at most 15 characters). */
  private static final String NAME = "Attach Listener";

  private static final int MOST_THREADS = 10_000;

  /** Returns true if the JVM has an attach listener. */
  public boolean isThere() {
    return !id().isEmpty();
  }

  /**
   * Returns true if the attach listener exists and does not wait for a connection. Returns false if
   * the kernel does not show the thread's system call, or if the launcher does not know the
   * machine.
   */
  public boolean isBusy() {
    String id = id();
    Machine machine = id.isEmpty() ? null : Machine.ofCalls(process);
    String call = machine == null ? "" : read("task/" + id + "/syscall");
    return !call.isEmpty() && !call.startsWith(machine.accept());
  }

  private String id() {
    Path tasks = Path.of("/proc/" + process.pid() + "/task");
    try {
      for (String thread : ForeignFiles.of(process.pid()).names(tasks, MOST_THREADS)) {
        if (read("task/" + thread + "/comm").strip().equals(NAME)) {
          return thread;
        }
      }
      return "";
    } catch (IOException ended) {
      return "";
    }
  }

  private String read(String file) {
    return process.read(file, ForeignFiles.TEXT);
  }
}
