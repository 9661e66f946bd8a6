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
 * The launcher's end of a plan's control file: reads the plan's answers and writes commands. Costs
 * the target nothing; works while its heap is full, and reading works while it is stopped. One
 * thread.
 */
public final class PlanControl implements Closeable {
  private static final long POLL_MILLIS = 5;

  /** A record is written in microseconds: whoever finds it torn reads again. */
  private static final int ATTEMPTS = 20;

  /** All files of a process together: somebody may have laid hundreds that are torn for ever. */
  private static final long OPEN_MILLIS = 300;

  /** A plan that lives writes several times a second; a collection may keep it from that. */
  private static final long SILENT_MILLIS = 60_000;

  private final long pid;
  private final String name;
  private final ForeignFiles.Channel channel;

  PlanControl(long pid, String name, ForeignFiles.Channel channel) {
    this.pid = pid;
    this.name = name;
    this.channel = channel;
  }

  /** The plans that a process holds, by name. Close them all. */
  public static List<PlanControl> of(long pid) {
    return open(pid, status -> isOfThatStart(pid, status));
  }

  /** The plans of other processes with its pid that are in its place. Close them all. */
  public static List<PlanControl> ofStrangers(long pid) {
    return open(pid, status -> !isOfThatStart(pid, status));
  }

  /** What lies in that process's place and is passed over, and why: a sentence each. */
  public static List<String> passedOver(long pid) {
    return placeOf(pid).passedOver();
  }

  /** Looks once more where a look took too long, as on a machine under load. */
  private static ControlPlace placeOf(long pid) {
    try {
      ControlPlace place = ControlPlace.of(pid);
      return place.late() == null ? place : ControlPlace.of(pid);
    } catch (IOException e) {
      throw new Failure("cannot read the control files of " + pid + ": run as its owner", e);
    }
  }

  private static List<PlanControl> open(long pid, Predicate<Status> wanted) {
    List<PlanControl> controls = new ArrayList<>();
    ControlPlace place = placeOf(pid);
    IOException late = place.late();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPEN_MILLIS);
    ForeignFiles foreign = ForeignFiles.of(pid);
    for (PlanFile file : place.files()) {
      try {
        PlanControl control = new PlanControl(pid, file.name(), open(file, foreign));
        Status status = control.status(System.nanoTime() - deadline < 0 ? ATTEMPTS : 1);
        if (status == null || !wanted.test(status)) {
          control.close(); // being made, or left by a dead JVM that had this pid
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

  private static ForeignFiles.Channel open(PlanFile file, ForeignFiles foreign) throws IOException {
    try {
      return file.open(foreign);
    } catch (ForeignFiles.LateException once) {
      return file.open(foreign);
    }
  }

  /** That there is no plan is not known then. */
  private static Failure unanswered(long pid, IOException late) {
    return new Failure(
        "cannot tell what %d holds: %s; the machine is overloaded, or that file system hangs: try again"
            .formatted(pid, late.getMessage()),
        late);
  }

  /** A pid is given again; where both starts are known they must be one. */
  private static boolean isOfThatStart(long pid, Status status) {
    return StartTime.isOf(status, StartTime.of(Long.toString(pid)));
  }

  /** The plan's name, unique in its JVM. */
  public String name() {
    return name;
  }

  /** The plan's newest answer; null when the file holds none. */
  public Status status() throws IOException {
    return status(ATTEMPTS);
  }

  private Status status(int attempts) throws IOException {
    for (int attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) {
        pause();
      }
      // not the last byte: on Windows a locked byte cannot be read
      byte[] file = channel.read(0, ControlLayout.LOCK);
      Status status = file.length == ControlLayout.LOCK ? ControlLayout.read(file) : null;
      if (status != null) {
        return status;
      }
    }
    return null;
  }

  /**
   * Whether the plan lives. A lock proves it; but the kernel drops that not only with the process,
   * but also when anything in the process opens and closes the file. So a plan lives as well while
   * its process does, by pid and start time, and its heartbeat; a process that is stopped has none.
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

  /** The clock may have been set back. */
  private static boolean isBeating(Status status) {
    return Math.abs(System.currentTimeMillis() - status.heartbeatMillis) < SILENT_MILLIS;
  }

  /**
   * Writes a command; the plan carries it out within moments, or once its JVM runs again. Waits for
   * the one before: the file has room for one. A JVM that is stopped meets the last one alone, but
   * always a release.
   *
   * @return the command's sequence number, which the plan acknowledges
   * @throws Failure when a release is pending, which no other command follows, or when another
   *     process keeps the plan's commands to itself
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
        "plan %s in %d takes no command: another process keeps its control file locked, or changes it all the time; end that one"
            .formatted(name, pid),
        e);
  }

  /** Whether the plan has seen the command of that number, and maybe later ones. */
  public static boolean hasTaken(Status status, int sequence) {
    return status.acknowledged - sequence >= 0; // the numbers may wrap
  }

  /** Renews the plan's lease; does nothing to a plan without one. */
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
          return; // cut off: no plan reads it
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

  /** Waits for an answer of that kind; the last answer, whatever it was, when time is up. */
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

  /** The phase to show: a plan whose process died no longer has the one that it wrote. */
  public String phase(Status status) throws IOException {
    Phase phase = status.phase;
    return phase.isOver() || isAlive() ? phase.name() : StatusReport.DEAD;
  }

  /** Between two looks at a file that another process writes or locks. */
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
