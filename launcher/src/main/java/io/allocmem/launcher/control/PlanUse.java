package io.allocmem.launcher.control;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.StartTime;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Whether a living plan uses a control file, asked of the file alone: its process may be in another
 * pid namespace, which has this directory, too, and may have lost its lock.
 *
 * @param begins whether it begins as a control file
 * @param status what the plan wrote; null when that is no record
 */
record PlanUse(long inside, boolean begins, boolean locked, Status status) {
  private static final Pattern NAME = Pattern.compile("\\d{1,9}\\.[A-Za-z0-9_-]{1,40}");

  /** What was written longer ago is not written to any more, unless its JVM is stopped. */
  private static final long FRESH_MILLIS = 2000;

  /** Whether a file of that name can be a control file. */
  static boolean isControlFile(String name) {
    return NAME.matcher(name).matches();
  }

  /** Looks at a file whose name is that of a control file. */
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

  /** As far as one look can tell. */
  boolean isUsed() {
    return locked || LinuxProcess.isSupported() && isOfAnyProcess();
  }

  /** Where the start is not known, whoever has that pid counts. */
  private boolean isOfAnyProcess() {
    return LinuxProcess.knownAs(inside).stream()
        .filter(process -> !process.hasEnded())
        .anyMatch(process -> status == null || isStart(process));
  }

  private boolean isStart(LinuxProcess process) {
    return StartTime.isOf(status, StartTime.of(Long.toString(process.pid())));
  }

  /** Whether it may be that of a process which is not seen from here: a second look tells. */
  boolean isDoubtful() {
    return status != null
        && !status.phase.isOver()
        && !LinuxProcess.seesAll()
        && Math.abs(System.currentTimeMillis() - status.heartbeatMillis) < FRESH_MILLIS;
  }

  /** Whether the plan has written since that look. */
  boolean isLaterThan(PlanUse before) {
    return status == null || status.heartbeatMillis != before.status.heartbeatMillis;
  }
}
