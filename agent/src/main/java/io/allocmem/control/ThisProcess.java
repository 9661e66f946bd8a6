package io.allocmem.control;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/** Who this process is: read in the thread that brought the agent, never later. */
public final class ThisProcess {
  private static final Path PROC = Paths.get("/proc/self");

  private ThisProcess() {}

  /** The pid in our own pid namespace; without the management classes where the kernel tells. */
  public static String pid() throws IOException {
    if (Files.exists(PROC)) {
      return new File(PROC.toString()).getCanonicalFile().getName();
    }
    String name = ManagementFactory.getRuntimeMXBean().getName(); // pid@host on every JDK
    return name.substring(0, name.indexOf('@'));
  }

  /** The process's user: the kernel's word, since {@code user.name} can be overridden. */
  static String user() throws IOException {
    return Files.exists(PROC) ? Files.getOwner(PROC).getName() : System.getProperty("user.name");
  }

  /** The number of that user, by which files are owned, where a container has no name for it. */
  static Integer uid() throws IOException {
    if (Files.exists(PROC)) {
      return (Integer) Files.getAttribute(PROC, "unix:uid");
    }
    Path ours = Files.createTempFile("allocmem-", ".uid");
    try {
      return (Integer) Files.getAttribute(ours, "unix:uid");
    } finally {
      Files.delete(ours);
    }
  }

  /** The main class or jar, without its arguments; empty when the JVM does not say. */
  static String main() {
    String command = System.getProperty("sun.java.command", "");
    int end = command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }
}
