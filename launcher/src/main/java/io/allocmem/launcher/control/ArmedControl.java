package io.allocmem.launcher.control;

import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ArmedStatus;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Reading;
import io.allocmem.control.StartTime;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * Launcher's end of the file of an armed agent: reads the agent's status and sends requests. Needs
 * no attach, no signal and no socket. Not thread-safe: for use by a single thread.
 */
public final class ArmedControl implements Closeable {
  /** Attempts to read a consistent record: a torn record is read again. */
  private static final int ATTEMPTS = 20;

  private static final int RECORD = ControlLayout.LOCK + 1;

  private final long pid;
  private final ForeignFiles.Channel channel;
  private final ControlFiles files;

  private ArmedControl(long pid, ForeignFiles.Channel channel, ControlFiles files) {
    this.pid = pid;
    this.channel = channel;
    this.files = files;
  }

  /**
   * Returns the armed agent of a process; null for none. The caller closes the result.
   *
   * @throws Failure if this user may not read the files of the process, or if a file does not
   *     answer in time
   */
  public static ArmedControl find(long pid) {
    ForeignFiles foreign = ForeignFiles.of(pid);
    ControlFiles files = PlanControl.filesOf(pid);
    IOException late = files.late();
    long deadline = System.nanoTime() + PlanControl.OPEN_NANOS;
    for (ControlFiles.File file : files.armed()) {
      try {
        ArmedControl armed = new ArmedControl(pid, PlanControl.open(file, foreign), files);
        if (armed.isAliveOrClosed(System.nanoTime() - deadline < 0 ? ATTEMPTS : 1)) {
          return armed;
        }
      } catch (ForeignFiles.LateException e) {
        late = e;
      } catch (IOException removedOrSwapped) {
        continue;
      }
    }
    if (late != null) { // without an answer, "not armed" would be a guess
      throw PlanControl.unanswered(pid, late);
    }
    return null;
  }

  /** Closes the file of a dead JVM with this pid, an incomplete file, and an unreadable file. */
  private boolean isAliveOrClosed(int attempts) throws IOException {
    boolean alive = false;
    try {
      alive = isAlive(attempts);
    } finally {
      if (!alive) {
        close();
      }
    }
    return alive;
  }

  /**
   * Returns the reason why a file with the name of an armed agent was skipped, as a sentence; null
   * for none.
   */
  public static String skipped(long pid) {
    try {
      return PlanControl.skipped(pid).stream()
          .filter(sentence -> sentence.contains("." + ArmedLayout.NAME + " "))
          .findFirst()
          .orElse(null);
    } catch (Failure unreadable) {
      return null;
    }
  }

  /**
   * Returns true if the agent's process is this JVM, and runs. The start time identifies the JVM. A
   * lock proves life, but any code in the process can drop the lock.
   */
  private boolean isAlive(int attempts) throws IOException {
    ArmedStatus status = status(attempts);
    if (status == null) {
      return false;
    }
    long start = StartTime.of(Long.toString(pid));
    boolean known = status.started != Reading.UNKNOWN && start != Reading.UNKNOWN;
    boolean runs = known && !new LinuxProcess(pid).hasEnded();
    return StartTime.isOf(status, start) && (runs || channel.isLocked(ControlLayout.LOCK));
  }

  /** Returns the agent's newest status; null if the file has none. */
  public ArmedStatus status() throws IOException {
    return status(ATTEMPTS);
  }

  private ArmedStatus status(int attempts) throws IOException {
    for (int attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) {
        PlanControl.pause();
      }
      ArmedStatus status = read(channel);
      if (status != null) {
        return status;
      }
    }
    return null;
  }

  /**
   * Reads the file without the locked byte: on Windows a locked byte cannot be read.
   *
   * @return null if the file has no record of an armed agent, or a torn record
   */
  static ArmedStatus read(ForeignFiles.Channel channel) throws IOException {
    byte[] file = channel.read(0, ControlLayout.LOCK);
    byte[] record = channel.read(RECORD, ArmedLayout.SIZE - RECORD);
    boolean whole = file.length == ControlLayout.LOCK && record.length == ArmedLayout.SIZE - RECORD;
    byte[] all = Arrays.copyOf(file, ArmedLayout.SIZE);
    System.arraycopy(record, 0, all, RECORD, record.length);
    return whole ? ArmedLayout.read(all) : null;
  }

  /**
   * Sends a request. Waits first while the agent has a request of another launcher.
   *
   * @param plan plan as agent arguments; empty for a request without a plan
   * @param millis time for which the request is valid: the agent starts no plan later
   * @throws Failure if other launchers keep the agent busy
   */
  public SentRequest send(ArmedRequest request, String plan, long millis) throws IOException {
    try {
      return SentRequest.of(this, request, plan, millis);
    } catch (ForeignFiles.LockedException e) {
      throw new Failure(
          "the armed agent of JVM %d takes no request: another launcher has a request there, or keeps the file locked; try again when that launcher has ended"
              .formatted(pid),
          e);
    }
  }

  /**
   * Returns true if the process had a file of this plan when the agent was found: of a plan, or
   * left by a JVM that was killed.
   */
  public boolean hadPlan(String name) {
    return files.files().stream().anyMatch(file -> file.name().equals(name));
  }

  long pid() {
    return pid;
  }

  ForeignFiles.Channel channel() {
    return channel;
  }

  /** Returns true after the end of the JVM. */
  boolean hasEnded() {
    return LinuxProcess.isSupported() && new LinuxProcess(pid).hasEnded();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
