package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Attach listener: the thread by which a JVM accepts attach requests, once the JVM has started the
 * thread.
 */
public record AttachThread(LinuxProcess process) {
  /** Thread name as the kernel stores the name (at most 15 characters). */
  private static final String NAME = "Attach Listener";

  /** The number of accept(2) at the beginning of /proc/PID/task/TID/syscall. */
  private static final Map<String, String> ACCEPT = Map.of("amd64", "43 ", "aarch64", "202 ");

  private static final int MOST_THREADS = 10_000;

  /** Returns true if the JVM has an attach listener. */
  public boolean isThere() {
    return !id().isEmpty();
  }

  /**
   * Returns true if the attach listener exists and does not wait for a connection. Returns false if
   * the kernel does not show the thread's system call.
   */
  public boolean isBusy() {
    String id = id();
    String accept = ACCEPT.get(System.getProperty("os.arch"));
    String call = id.isEmpty() || accept == null ? "" : read("task/" + id + "/syscall");
    return !call.isEmpty() && !call.startsWith(accept);
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
