package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.options.StartOptions;

/** Start of a JVM, until the JVM accepts an attach. */
public final class JvmStart {
  private JvmStart() {}

  /**
   * Returns true if the JVM is starting, as far as seen from outside. Without a handler of SIGQUIT
   * an attach would end the process. A JVM with -Xrs never has that handler.
   */
  public static boolean isUnderWay(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    if (!LinuxProcess.isSupported() || process.hasEnded()) {
      return false;
    }
    return PerfData.isBeingMade(pid) || !process.catchesSigquit() && !isReady(process);
  }

  /** Returns true if the JVM needs no signal, or will never handle the signal. */
  private static boolean isReady(LinuxProcess process) {
    StartOptions options = ForeignOptions.atStart(PerfData.of(process.pid()), process);
    return options.options().contains("-Xrs")
        || options.isOn("ReduceSignalUsage")
        || new AttachThread(process).isThere() && AttachSocket.exists(process);
  }
}
