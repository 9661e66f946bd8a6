package io.allocmem.launcher.process;

import io.allocmem.plan.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Exit status of a process that is no child of this process. The kernel shows the status until the
 * parent has read the status: while the process is a zombie (proc(5)).
 */
public final class ExitStatus {
  /**
   * Distance of two fields in /proc/PID/stat: field 3 is the state, field 52 the exit status in the
   * format of waitpid(2).
   */
  private static final int FIELDS_FROM_STATE = 52 - 3;

  /** The shell and Java add the signal's number to this number. */
  private static final int SIGNALLED = 128;

  private static final int SIGNAL_BITS = 0x7f;
  private static final int MOST_BYTES = 1 << 16;

  private ExitStatus() {}

  /** Returns the exit code as the shell shows it; empty if the kernel does not show a status. */
  public static OptionalInt of(long pid) {
    String process = "/proc/" + pid;
    try {
      String stat = KernelText.of(process + "/stat", MOST_BYTES);
      return isShown(Path.of(process, "exe")) ? in(stat) : OptionalInt.empty();
    } catch (IOException reaped) {
      return OptionalInt.empty();
    }
  }

  /**
   * Returns true if this user may trace the process: for other users the kernel shows the status 0.
   * A zombie has no program.
   */
  private static boolean isShown(Path program) throws IOException {
    try {
      Files.readSymbolicLink(program);
      return false;
    } catch (NoSuchFileException zombie) {
      return true;
    }
  }

  /** Returns the exit code in a line of /proc/PID/stat; empty for a process that is no zombie. */
  static OptionalInt in(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= FIELDS_FROM_STATE || !fields[0].equals("Z")) {
      return OptionalInt.empty();
    }
    int status = Integer.parseInt(fields[FIELDS_FROM_STATE]);
    int signal = status & SIGNAL_BITS;
    return OptionalInt.of(signal == 0 ? status >> Byte.SIZE & 0xff : SIGNALLED + signal);
  }
}
