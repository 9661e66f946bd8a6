package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard input of this process, without a wait: a program in the background is not stopped. */
public final class Stdin {
  /**
   * Fields of {@code /proc/self/stat} after the name (proc(5)): group, and its terminal's group.
   */
  private static final int GROUP = 2;

  private static final int FOREGROUND = 5;

  private Stdin() {}

  /**
   * Takes the lines that a person has entered on the terminal; returns true if there was one. Never
   * waits. False for a pipe, a file, and a process in the background, whom a read would stop
   * (SIGTTIN).
   */
  public static boolean takeLine() throws IOException {
    int entered = isTerminal() && isInForeground() ? System.in.available() : 0;
    return entered > 0 && System.in.skip(entered) > 0;
  }

  private static boolean isTerminal() {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      // in a container the terminal may lie in the file system of the machine, below another path
      return file.contains("/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  private static boolean isInForeground() {
    String stat = LinuxProcess.self().read("stat", ForeignFiles.TEXT);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    return fields.length > FOREGROUND && fields[GROUP].equals(fields[FOREGROUND]);
  }
}
