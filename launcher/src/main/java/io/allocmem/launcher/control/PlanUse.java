package io.allocmem.launcher.control;

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
 * Use of a control file by a living plan, judged from the file alone. The plan's process may be in
 * another pid namespace with the same directory, and may have lost its lock.
 *
 * @param begins true if the file begins like a control file
 * @param status status written by the plan; null if the bytes are no record
 */
record PlanUse(long inside, boolean begins, boolean locked, Status status) {
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

  /** Inspects a file with the name of a control file. */
  static PlanUse of(Path file, FileFacts facts) throws IOException {
    String name = file.getFileName().toString();
    long inside = Long.parseLong(name.substring(0, name.indexOf('.')));
    try (ForeignFiles.Channel open = ForeignFiles.here().open(file, facts)) {
      byte[] bytes = open.read(0, ControlLayout.LOCK);
      boolean begins = ControlLayout.isControlFile(Arrays.copyOf(bytes, Long.BYTES));
      boolean locked = open.isLocked(ControlLayout.LOCK);
      return new PlanUse(inside, begins, locked, ControlLayout.read(bytes));
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
    return processes.stream()
        .filter(process -> status == null || isStart(process))
        .anyMatch(process -> !process.hasEnded());
  }

  private boolean isStart(LinuxProcess process) {
    return StartTime.isOf(status, StartTime.of(Long.toString(process.pid())));
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
