package io.allocmem.launcher.control;

import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedStatus;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.StartTime;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PidsInside;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Use of a control file by a living plan, or of the file of an armed agent, judged from the file
 * alone. The process may be in another pid namespace with the same directory, and may have lost its
 * lock.
 *
 * @param begins true if the file begins like a control file
 * @param status status written by the plan; null if the bytes are no record
 * @param armed status written by an armed agent; null if the bytes are no such record
 */
record PlanUse(long inside, boolean begins, boolean locked, Status status, ArmedStatus armed) {
  private static final Pattern NAME = Pattern.compile("\\d{1,9}\\.[A-Za-z0-9_-]{1,40}");

  /**
   * Maximum age of a heartbeat: a plan with an older heartbeat no longer writes, unless its JVM is
   * stopped.
   */
  private static final long FRESH_MILLIS = 2000;

  /** Returns true if a control file can have that name. */
  static boolean isControlFile(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns true for the name of an armed agent's file. */
  static boolean isArmed(String name) {
    return name.endsWith("." + ArmedLayout.NAME);
  }

  /** Inspects a file with the name of a control file. */
  static PlanUse of(Path file, FileFacts facts) throws IOException {
    String name = file.getFileName().toString();
    long inside = Long.parseLong(name.substring(0, name.indexOf('.')));
    try (ForeignFiles.Channel open = ForeignFiles.here().open(file, facts)) {
      boolean locked = open.isLocked(ControlLayout.LOCK);
      byte[] beginning = open.read(0, Long.BYTES);
      if (isArmed(name) && ArmedLayout.isArmedFile(beginning)) {
        return new PlanUse(inside, true, locked, null, ArmedControl.read(open));
      }
      byte[] bytes = open.read(0, ControlLayout.LOCK);
      boolean begins = ControlLayout.isControlFile(Arrays.copyOf(bytes, Long.BYTES));
      return new PlanUse(inside, begins, locked, ControlLayout.read(bytes), null);
    }
  }

  /**
   * Returns true if the file is in use, as far as one look can tell.
   *
   * @param processes looks at all processes, at no earlier time than the list of the file
   */
  boolean isUsed(Supplier<PidsInside> processes) {
    return locked || LinuxProcess.isSupported() && isOfAny(processes.get().knownAs(inside));
  }

  /**
   * Returns true if the plan's process is one of these, and runs. If the file has no start time,
   * every process counts.
   */
  private boolean isOfAny(List<LinuxProcess> processes) {
    return processes.stream().filter(this::isStart).anyMatch(process -> !process.hasEnded());
  }

  private boolean isStart(LinuxProcess process) {
    long start = StartTime.of(Long.toString(process.pid()));
    return armed != null
        ? StartTime.isOf(armed, start)
        : status == null || StartTime.isOf(status, start);
  }

  /** Returns true if the plan's process may be invisible from here; a second look decides. */
  boolean isDoubtful() {
    return status != null
        && !status.phase.isOver()
        && Math.abs(System.currentTimeMillis() - status.heartbeatMillis) < FRESH_MILLIS
        && !LinuxProcess.seesAll();
  }

  /** Returns true if the plan has written since the earlier look. */
  boolean isLaterThan(PlanUse before) {
    return status == null || status.heartbeatMillis != before.status.heartbeatMillis;
  }
}
