package io.allocmem.launcher.control;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.Command;
import io.allocmem.status.ControlLayout;
import io.allocmem.status.Phase;
import io.allocmem.status.ProcessReadings;
import io.allocmem.status.Sender;
import io.allocmem.status.StartTime;
import io.allocmem.status.Status;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The launcher's end of a plan's control file: reads the plan's answers and writes commands. Costs
 * the target nothing; works while its heap is full, and reading works while it is stopped. One
 * thread.
 */
public final class PlanControl implements Closeable {
  private static final long POLL_MILLIS = 5;

  /** A plan looks for commands many times in it; one that does not is stopped, dead or busy. */
  private static final long TAKEN_MILLIS = 1000;

  /** A file's lock keeps other processes out; a second one of this process is refused. */
  private static final Object LOCKS = new Object();

  private final String name;
  private final FileChannel channel;

  private PlanControl(String name, FileChannel channel) {
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

  private static List<PlanControl> open(long pid, Predicate<Status> wanted) {
    List<PlanControl> controls = new ArrayList<>();
    try {
      for (PlanFile file : ControlPlace.filesOf(pid)) {
        open(file, wanted, controls);
      }
      return controls;
    } catch (IOException e) {
      throw new Failure("cannot read the control files of " + pid + ": run as its owner", e);
    }
  }

  private static void open(PlanFile file, Predicate<Status> wanted, List<PlanControl> controls)
      throws IOException {
    try {
      PlanControl control = new PlanControl(file.name(), file.open());
      Status status = control.status();
      if (status == null || !wanted.test(status)) {
        control.close(); // being made, or left by a dead JVM that had this pid
      } else {
        controls.add(control);
      }
    } catch (NoSuchFileException released) {
      return;
    }
  }

  /** A pid is given again; where both starts are known they must be one. */
  private static boolean isOfThatStart(long pid, Status status) {
    long now = StartTime.of(Long.toString(pid));
    return now == ProcessReadings.UNKNOWN
        || status.started == ProcessReadings.UNKNOWN
        || status.started == now;
  }

  /** The plan's name, unique in its JVM. */
  public String name() {
    return name;
  }

  /** The plan's newest answer; null when the file holds none. */
  public Status status() throws IOException {
    for (int attempt = 0; attempt < 20; attempt++) {
      // not the last byte: on Windows a locked byte cannot be read
      ByteBuffer file = ByteBuffer.allocate(ControlLayout.LOCK);
      if (channel.read(file, 0) == ControlLayout.LOCK) {
        Status status = ControlLayout.read(file.array());
        if (status != null) {
          return status;
        }
      }
      pause();
    }
    return null;
  }

  /**
   * Whether the plan's process still lives: the kernel drops a dead process's lock. Asked with a
   * shared lock, so that launchers who ask at once do not take each other for the plan.
   */
  public boolean isAlive() throws IOException {
    synchronized (LOCKS) {
      try (FileLock lock = channel.tryLock(ControlLayout.LOCK, 1, true)) {
        return lock == null;
      }
    }
  }

  /**
   * Writes a command; the plan carries it out within moments, or once its JVM runs again. Waits for
   * the one before: the file has room for one. A JVM that is stopped meets the last one alone.
   *
   * @return the command's sequence number, which the plan acknowledges
   */
  public int send(Command command) throws IOException {
    int before = 0;
    long since = System.nanoTime();
    while (true) {
      // not while it is locked: who is stopped meanwhile would keep all others from it
      int last = lastSequence();
      since = last == before ? since : System.nanoTime();
      before = last;
      if (isFree(last, since)) {
        OptionalInt sent = sendAfter(last, command);
        if (sent.isPresent()) {
          return sent.getAsInt();
        }
      }
      pause();
    }
  }

  /** Whether the plan has seen the command of that number, or was given time enough to. */
  private boolean isFree(int last, long since) throws IOException {
    boolean late = System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(TAKEN_MILLIS);
    Status status = status();
    return late || status == null || hasTaken(status, last) || !isAlive();
  }

  private int lastSequence() throws IOException {
    ByteBuffer field = ByteBuffer.allocate(Integer.BYTES);
    channel.read(field, ControlLayout.COMMAND);
    return field.getInt(0);
  }

  /** Empty when another launcher was faster: two at once would take the same number. */
  @SuppressWarnings("try") // the lock is kept, not used
  private OptionalInt sendAfter(int last, Command command) throws IOException {
    synchronized (LOCKS) {
      try (FileLock lock = channel.lock(ControlLayout.COMMAND, 2 * Integer.BYTES, false)) {
        if (lastSequence() != last) {
          return OptionalInt.empty();
        }
        int sequence = last + 1;
        channel.write(
            Sender.of(sequence, user(), ProcessHandle.current().pid()), ControlLayout.SENDER);
        ByteBuffer fields = ByteBuffer.allocate(2 * Integer.BYTES);
        fields.putInt(sequence).putInt(command.ordinal()).rewind();
        channel.write(fields, ControlLayout.COMMAND);
        return OptionalInt.of(sequence);
      }
    }
  }

  /** Whether the plan has seen the command of that number, and maybe later ones. */
  public static boolean hasTaken(Status status, int sequence) {
    return status.acknowledged - sequence >= 0; // the numbers may wrap
  }

  /** For the plan's log. */
  private static String user() {
    String user = LinuxProcess.self().user();
    return user.isEmpty() ? System.getProperty("user.name") : user;
  }

  /** Renews the plan's lease; does nothing to a plan without one. */
  @SuppressWarnings("try") // the lock is kept, not used
  public void renew() throws IOException {
    synchronized (LOCKS) {
      try (FileLock lock = channel.lock(ControlLayout.RENEWALS, Long.BYTES, false)) {
        ByteBuffer field = ByteBuffer.allocate(Long.BYTES);
        channel.read(field, ControlLayout.RENEWALS);
        field.putLong(0, field.getLong(0) + 1).rewind();
        channel.write(field, ControlLayout.RENEWALS);
      }
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
