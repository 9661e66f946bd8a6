package io.allocmem.launcher;

import io.allocmem.launcher.process.LinuxProcess;

/** Name of this process in the log of a target. */
final class LauncherName {
  /** Maximum length of the user name: the option's value also contains a pid. */
  private static final int LONGEST_USER = 40;

  private LauncherName() {}

  /**
   * Returns the sender for the target's log: user and pid. Replaces characters of the user name
   * that no option may contain.
   */
  static String self() {
    String user = LinuxProcess.self().user().replaceAll("[^A-Za-z0-9_.@-]", "_");
    String cut = user.substring(0, Math.min(user.length(), LONGEST_USER));
    return cut + " (pid " + ProcessHandle.current().pid() + ")"; // formatted() takes 2 ms
  }
}
