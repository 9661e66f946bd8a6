package io.allocmem.launcher.control;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Sender;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.ForeignFiles.Patch;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Writes commands into a control file. The file has room for one command, and for one release
 * beside the command. The next command waits until the plan has taken the previous command, or had
 * enough time to do so. A pending release stays, since the sender relies on the release.
 */
record Outbox(ForeignFiles.Channel channel, Asked<Status> status, Asked<Boolean> alive) {
  /**
   * Time for a plan to take a command. The polling interval of a plan is much shorter; a plan that
   * takes longer is stopped, dead or busy.
   */
  private static final long TAKEN_MILLIS = 1000;

  /**
   * Time limit of a command: several launchers may wait for each other. A process that changes the
   * file endlessly must not keep the launcher waiting forever.
   */
  static final long TURN_MILLIS = 10_000;

  /** First protocol with a place for a release. */
  private static final int RELEASE_SINCE = 4;

  /** A value read from the plan's file. */
  interface Asked<T> {
    T get() throws IOException;
  }

  /** The plan has not taken its release yet, and accepts no command after a release. */
  static final class ReleasePendingException extends IOException {
    private static final long serialVersionUID = 1;

    ReleasePendingException() {
      super("a release is pending");
    }
  }

  /**
   * Sequence and command: the two ints at {@link ControlLayout#COMMAND} or {@link
   * ControlLayout#RELEASE}.
   */
  private record Slot(byte[] bytes) {
    static Slot of(int sequence, PlanCommand command) {
      ByteBuffer slot = ByteBuffer.allocate(2 * Integer.BYTES);
      return new Slot(slot.putInt(sequence).putInt(command.ordinal()).array());
    }

    int sequence() {
      return ByteBuffer.wrap(bytes).getInt(0);
    }

    boolean isRelease() {
      int ordinal = ByteBuffer.wrap(bytes).getInt(Integer.BYTES);
      return ordinal == PlanCommand.RELEASE.ordinal() || isCollecting();
    }

    boolean isCollecting() {
      int ordinal = ByteBuffer.wrap(bytes).getInt(Integer.BYTES);
      return ordinal == PlanCommand.RELEASE_AND_COLLECT.ordinal();
    }
  }

  /**
   * Writes the command and returns its sequence number. If an equivalent release is pending,
   * returns the number of the pending release.
   */
  int send(PlanCommand command) throws IOException {
    Slot next = Slot.of(0, command);
    Slot before = last();
    long start = System.nanoTime();
    long since = start;
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS)) {
      // waits without a lock: a launcher stopped under the lock would block all launchers
      Slot last = last();
      since = last.sequence() == before.sequence() ? since : System.nanoTime();
      before = last;
      Status now = status.get();
      boolean pending = last.isRelease() && !isTaken(now, last);
      if (pending && !next.isRelease()) {
        throw new ReleasePendingException();
      }
      if (pending && (last.isCollecting() || !next.isCollecting())) {
        return last.sequence();
      }
      if ((next.isRelease() || isFree(now, last, since)) && write(last, now, command)) {
        return last.sequence() + 1;
      }
      PlanControl.pause();
    }
    throw new ForeignFiles.LockedException("others write into the control file all the time");
  }

  private Slot last() throws IOException {
    byte[] bytes = channel.read(ControlLayout.COMMAND, 2 * Integer.BYTES);
    if (bytes.length < 2 * Integer.BYTES) {
      throw new IOException("the control file is cut off");
    }
    return new Slot(bytes);
  }

  private static boolean isTaken(Status now, Slot last) {
    return now == null || PlanControl.hasTaken(now, last.sequence());
  }

  /** Returns true if the plan has taken the last command, or had enough time to do so. */
  private boolean isFree(Status now, Slot last, long since) throws IOException {
    boolean late = System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(TAKEN_MILLIS);
    return late || isTaken(now, last) || !alive.get();
  }

  /**
   * Returns false if another launcher was faster: two writers at once would use the same number.
   */
  private boolean write(Slot last, Status now, PlanCommand command) throws IOException {
    int sequence = last.sequence() + 1;
    Slot next = Slot.of(sequence, command);
    byte[] sender = Sender.of(sequence, user(), ProcessHandle.current().pid()).array();
    Patch expected = new Patch(ControlLayout.COMMAND, last.bytes());
    Patch by = new Patch(ControlLayout.SENDER, sender);
    Patch commanded = new Patch(ControlLayout.COMMAND, next.bytes());
    boolean apart = next.isRelease() && now != null && now.protocol >= RELEASE_SINCE;
    return apart
        ? channel.replace(
            expected,
            new Patch(ControlLayout.RELEASE_SENDER, sender),
            new Patch(ControlLayout.RELEASE, next.bytes()),
            by,
            commanded)
        : channel.replace(expected, by, commanded);
  }

  /** Returns the user for the plan's log. */
  static String user() {
    String user = LinuxProcess.self().user();
    return user.isEmpty() ? System.getProperty("user.name") : user;
  }
}
