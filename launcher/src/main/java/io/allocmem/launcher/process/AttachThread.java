package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The thread by which a JVM takes attaches, once it was made to listen. */
public record AttachThread(LinuxProcess process) {
  /** As much of its name as the kernel keeps. */
  private static final String NAME = "Attach Listener";

  /** The number of accept(2) at the beginning of /proc/PID/task/TID/syscall. */
  private static final Map<String, String> ACCEPT = Map.of("amd64", "43 ", "aarch64", "202 ");

  private static final int MOST_THREADS = 10_000;

  /** Whether the JVM has it. */
  public boolean isThere() {
    return !id().isEmpty();
  }

  /**
   * Whether it is there and does something else than to wait for a connection; false as well where
   * the kernel does not say.
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
      for (FileFacts thread : ForeignFiles.of(process.pid()).list(tasks, "", MOST_THREADS)) {
        if (read("task/" + thread.name() + "/comm").strip().equals(NAME)) {
          return thread.name();
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
