package io.allocmem.control;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.Principal;
import java.util.Arrays;

/** Identity of this process: read by the attach thread, never later. */
public final class ThisProcess {
  private static final Path PROC = Paths.get("/proc/self");

  private ThisProcess() {}

  /**
   * Returns the pid in our own pid namespace. Needs no management classes if the kernel reports the
   * pid.
   */
  public static String pid() throws IOException {
    if (Files.exists(PROC)) {
      return new File(PROC.toString()).getCanonicalFile().getName();
    }
    String name = ManagementFactory.getRuntimeMXBean().getName(); // pid@host on every JDK
    return name.substring(0, name.indexOf('@'));
  }

  /**
   * Returns the user of this process, by the kernel's report, since {@code user.name} can be
   * overridden.
   */
  static String user() throws IOException {
    return Files.exists(PROC)
        ? ((Principal) Files.getAttribute(PROC, "unix:owner")).getName()
        : System.getProperty("user.name");
  }

  /**
   * Returns the number of this user. Files are owned by number, and a container may have no name
   * for the number.
   */
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

  /**
   * Returns true before the application starts: the calling thread is within premain. A plan that
   * runs alone has no application.
   */
  public static boolean isBeforeApplication() {
    return !main().equals("io.allocmem.Alone")
        && Arrays.toString(new Throwable().getStackTrace()).contains("Agent.premain(");
  }

  /** Returns the main class or jar, without arguments; empty if unknown. */
  static String main() {
    String command = System.getProperty("sun.java.command", "");
    int end = command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }
}
