package io.allocmem.launcher.control;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.StartTime;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.ForeignFiles.Patch;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Launcher's end of a plan's control file: reads the plan's status and writes commands. Causes no
 * work in the target. Works while the target's heap is full; reading also works while the target is
 * stopped. Not thread-safe: for use by a single thread.
 */
public final class PlanControl implements Closeable {
  private static final long POLL_MILLIS = 5;

  /**
   * Attempts to read a consistent record. A write takes microseconds; a torn record is read again.
   */
  private static final int ATTEMPTS = 20;

  /**
   * Time limit for all files of a process together: a user may have created hundreds of permanently
   * torn files.
   */
  static final long OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /**
   * Maximum age of a heartbeat. A living plan writes several times a second, but a collection may
   * delay the heartbeat.
   */
  private static final long SILENT_MILLIS = 60_000;

  private final long pid;
  private final String name;
  private final ForeignFiles.Channel channel;

  PlanControl(long pid, String name, ForeignFiles.Channel channel) {
    this.pid = pid;
    this.name = name;
    this.channel = channel;
  }

  /** Returns the plans of a process, by name. The caller closes all plans. */
  public static List<PlanControl> of(long pid) {
    return open(pid, status -> isOfThatStart(pid, status));
  }

  /**
   * Returns plans of other JVMs with the same pid and the same control directory. The caller closes
   * all plans.
   */
  public static List<PlanControl> ofOtherJvmsWithPid(long pid) {
    return open(pid, status -> !isOfThatStart(pid, status));
  }

  /** Returns the skipped files of the process with reasons, one sentence each. */
  public static List<String> skipped(long pid) {
    return filesOf(pid).skipped();
  }

  /** Looks a second time after a late answer, as on a machine under load. */
  static ControlFiles filesOf(long pid) {
    try {
      ControlFiles files = ControlFiles.of(pid);
      return files.late() == null ? files : ControlFiles.of(pid);
    } catch (IOException e) {
      throw new Failure("cannot read the control files of " + pid + ": run as its owner", e);
    }
  }

  private static List<PlanControl> open(long pid, Predicate<Status> wanted) {
    List<PlanControl> controls = new ArrayList<>();
    ControlFiles files = filesOf(pid);
    IOException late = files.late();
    long deadline = System.nanoTime() + OPEN_NANOS;
    ForeignFiles foreign = ForeignFiles.of(pid);
    for (ControlFiles.File file : files.files()) {
      try {
        PlanControl control = new PlanControl(pid, file.name(), open(file, foreign));
        Status status = control.status(System.nanoTime() - deadline < 0 ? ATTEMPTS : 1);
        if (status == null || !wanted.test(status)) {
          control.close(); // incomplete, or left by a dead JVM with this pid
        } else {
          controls.add(control);
        }
      } catch (ForeignFiles.LateException e) {
        late = e;
      } catch (IOException releasedOrSwapped) {
        continue;
      }
    }
    if (controls.isEmpty() && late != null) {
      throw unanswered(pid, late);
    }
    return controls;
  }

  static ForeignFiles.Channel open(ControlFiles.File file, ForeignFiles foreign)
      throws IOException {
    try {
      return file.open(foreign);
    } catch (ForeignFiles.LateException once) {
      return file.open(foreign);
    }
  }

  /** Returns the error for a late answer: a plan may exist. */
  static Failure unanswered(long pid, IOException late) {
    return new Failure(
        "cannot read the plans of %d: %s; the machine is overloaded, or that file system hangs: try again"
            .formatted(pid, late.getMessage()),
        late);
  }

  /**
   * Compares start times, since the kernel reuses pids. If either start time is unknown, the pid
   * suffices.
   */
  private static boolean isOfThatStart(long pid, Status status) {
    return StartTime.isOf(status, StartTime.of(Long.toString(pid)));
  }

  /** Returns the plan's name, unique in its JVM. */
  public String name() {
    return name;
  }

  /** Returns the plan's newest status; null if the file has none. */
  public Status status() throws IOException {
    return status(ATTEMPTS);
  }

  private Status status(int attempts) throws IOException {
    for (int attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) {
        pause();
      }
      // without the last byte: on Windows a locked byte cannot be read
      byte[] file = channel.read(0, ControlLayout.LOCK);
      Status status = file.length == ControlLayout.LOCK ? ControlLayout.read(file) : null;
      if (status != null) {
        return status;
      }
    }
    return null;
  }

  /**
   * Returns true if the plan is alive. A lock proves this. The kernel drops the lock with the
   * process, but also when any code in the process opens and closes the file.
   *
   * <p>Without a lock, the plan is alive if its process is alive (pid and start time) and the
   * heartbeat is fresh. A stopped process needs no heartbeat.
   */
  public boolean isAlive() throws IOException {
    if (channel.isLocked(ControlLayout.LOCK)) {
      return true;
    }
    Status status = LinuxProcess.isSupported() ? status() : null;
    if (status == null || status.started == Reading.UNKNOWN) {
      return false;
    }
    LinuxProcess process = new LinuxProcess(pid);
    long start = StartTime.of(Long.toString(pid));
    boolean runs = start != Reading.UNKNOWN && !process.hasEnded();
    return runs && StartTime.isOf(status, start) && (process.isStopped() || isBeating(status));
  }

  /** Tolerates a clock that was set back. */
  private static boolean isBeating(Status status) {
    return Math.abs(System.currentTimeMillis() - status.heartbeatMillis) < SILENT_MILLIS;
  }

  /**
   * Writes a command. The plan executes the command within moments, or once its JVM runs again.
   * Waits for the previous command first: the file has room for one command. A stopped JVM later
   * finds only the last command, and always a release.
   *
   * @return sequence number of the command, acknowledged by the plan
   * @throws Failure if a release is pending, since no command follows a release, or if another
   *     process blocks the plan's commands
   */
  public int send(PlanCommand command) throws IOException {
    try {
      return new Outbox(channel, this::status, this::isAlive).send(command);
    } catch (Outbox.ReleasePendingException e) {
      throw new Failure(
          "plan %s in %d has a release pending: it ends once its JVM runs again"
              .formatted(name, pid),
          e);
    } catch (ForeignFiles.LockedException e) {
      throw locked(e);
    }
  }

  private Failure locked(IOException e) {
    return new Failure(
        "plan %s in %d takes no command: another process keeps its control file locked, or changes it all the time; end that process"
            .formatted(name, pid),
        e);
  }

  /** Returns true if the plan has taken the command of that number, and possibly later commands. */
  public static boolean hasTaken(Status status, int sequence) {
    return status.acknowledged - sequence >= 0; // the numbers may wrap
  }

  /** Renews the plan's lease; has no effect on a plan without a lease. */
  public void renew() throws IOException {
    try {
      long start = System.nanoTime();
      boolean written = false;
      while (!written) {
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(Outbox.TURN_MILLIS)) {
          throw new ForeignFiles.LockedException("others renew all the time");
        }
        byte[] before = channel.read(ControlLayout.RENEWALS, Long.BYTES);
        if (before.length < Long.BYTES) {
          return; // cut off: no plan reads this file
        }
        ByteBuffer next = ByteBuffer.allocate(Long.BYTES);
        next.putLong(ByteBuffer.wrap(before).getLong() + 1);
        Patch expected = new Patch(ControlLayout.RENEWALS, before);
        written = channel.replace(expected, new Patch(ControlLayout.RENEWALS, next.array()));
      }
    } catch (ForeignFiles.LockedException e) {
      throw locked(e);
    }
  }

  /**
   * Waits for a status of that kind. After the time limit, returns the last status, of any kind.
   */
  public Status await(Predicate<Status> kind, long timeoutMillis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Status status = status();
    while (status == null || !kind.test(status)) {
      if (System.nanoTime() - deadline > 0) {
        break;
      }
      pause();
      status = status();
    }
    return status;
  }

  /**
   * Returns the phase for display: the written phase of a plan is no longer true after the death of
   * its process.
   */
  public String phase(Status status) throws IOException {
    Phase phase = status.phase;
    return phase.isOver() || isAlive() ? phase.name() : StatusReport.DEAD;
  }

  /** Waits one polling interval, for a file that another process writes or locks. */
  public static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
