package io.allocmem.launcher.many;

import io.allocmem.control.StartTime;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.LinuxProcess;

/**
 * One of many JVMs of a command. The start time identifies the JVM: between the choice and the turn
 * of the JVM, the kernel may give the pid to another process.
 *
 * @param started start time by {@link StartTime#of}
 */
public record ManyTarget(JavaProcess jvm, long started) {
  static ManyTarget of(JavaProcess jvm) {
    return new ManyTarget(jvm, StartTime.of(Long.toString(jvm.pid())));
  }

  /** Returns the pid, as seen from here. */
  public long pid() {
    return jvm.pid();
  }

  /**
   * Returns normally while the JVM lives.
   *
   * @throws Failure if the JVM has ended since the choice
   */
  public void requireAlive() {
    if (hasEnded()) {
      throw new Failure(ExitCode.ENDED, "JVM %d has ended before its turn".formatted(pid()));
    }
  }

  /** Returns true if the JVM has ended, even if another process has its pid by now. */
  public boolean hasEnded() {
    boolean other = started != StartTime.of(Long.toString(pid()));
    return other || LinuxProcess.isSupported() && new LinuxProcess(pid()).hasEnded();
  }
}
