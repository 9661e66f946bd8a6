package io.allocmem.launcher.probe;

import io.allocmem.control.Printable;
import io.allocmem.launcher.process.ForeignFiles.LateException;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Check by a shell command: exit code 0 passes. The command runs in a session of its own, below a
 * shell that waits for the end of its input. The input ends with this check, and with this process
 * even after a SIGKILL: the shell then kills its whole process group.
 */
public final class CommandCheck implements ServiceCheck {
  /** Environment variable of the command: pid of the JVM, as seen from here. */
  static final String PID = "ALLOCMEM_PID";

  /**
   * Descriptor 4 takes the exit code. A line on the input means that the command has ended: wait(1)
   * then leaves no zombie to a launcher that is pid 1. Without a session of its own, the shell
   * leads no group: kill(1) finds none, and {@link #end} ends the processes.
   */
  private static final String SHELL =
      """
      exec 3<&0 4>&2 2>&1 </dev/null
      { /bin/sh -c "$1" 4>&-; echo $? >&4; } 3<&- &
      exec 4>&-
      read -r ended <&3 && wait
      kill -KILL -$$ 2>/dev/null""";

  /** Characters of the command in a sentence: the reason must fit into a line of the live view. */
  private static final int NAMED = 50;

  /** Time for the end of killed processes. */
  private static final long END_MILLIS = 1_000;

  /** Directories of setsid(1), independent of PATH. */
  private static final List<String> DIRECTORIES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

  private final String command;
  private final long pid;
  private final Duration within;
  private final Thread hook = new Thread(this::close, "probe end");
  private volatile Process running;
  private boolean hooked;

  /**
   * @param pid JVM of the plan
   * @param within time limit of the command
   */
  public CommandCheck(String command, long pid, Duration within) {
    this.command = command;
    this.pid = pid;
    this.within = within;
  }

  @Override
  public String failure() throws InterruptedException {
    hook();
    Process process;
    try {
      process = start();
    } catch (IOException e) {
      return "cannot start /bin/sh for the check: "
          + Printable.name(String.valueOf(e.getMessage()));
    }
    running = process;
    Excerpt output = new Excerpt();
    Thread reader;
    String code = null;
    try {
      reader = reader(process, output);
      code = codeOf(process);
    } finally {
      end(process, code != null);
    }
    reader.join(END_MILLIS);
    process.destroyForcibly(); // closes the output, which a process in another session may hold
    String ended = code == null ? "took longer than " + within.toMillis() + " ms" : codeWords(code);
    return "0".equals(code) ? null : named() + " " + ended + output.toSuffix();
  }

  /** An end of this process ends the command as well, also without a session of its own. */
  private void hook() throws InterruptedException {
    if (!hooked) {
      hooked = true;
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        throw new InterruptedException("this process ends");
      }
    }
  }

  private String named() {
    boolean fits = command.length() <= NAMED;
    return "'" + Printable.of(fits ? command : command.substring(0, NAMED) + "...") + "'";
  }

  private static String codeWords(String code) {
    return code.isEmpty() ? "was killed" : "ended with exit code " + code;
  }

  private Process start() throws IOException {
    List<String> words = new ArrayList<>(setsid().toList());
    words.addAll(List.of("/bin/sh", "-c", SHELL, "sh", command));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put(PID, Long.toString(pid));
    return builder.start();
  }

  private static Stream<String> setsid() {
    return DIRECTORIES.stream()
        .map(directory -> Path.of(directory, "setsid"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .limit(1);
  }

  /** A full pipe would stop the command: reads everything, and keeps the end. */
  private static Thread reader(Process process, Excerpt output) {
    Thread reader =
        new Thread(
            () -> {
              byte[] bytes = new byte[Excerpt.BYTES];
              try (InputStream in = process.getInputStream()) {
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                  output.add(bytes, count);
                }
              } catch (IOException ended) {
                return;
              }
            },
            "probe output");
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  /** Returns the exit code; empty if the shell was killed; null if the command is late. */
  private String codeOf(Process process) throws InterruptedException {
    InputStream codes = process.getErrorStream();
    try {
      return TimeLimit.within(
          within.toMillis(),
          "the check",
          () -> new String(codes.readNBytes(4), StandardCharsets.US_ASCII).strip());
    } catch (LateException late) {
      return null;
    } catch (IOException closed) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return "";
    }
  }

  /** Ends the shell, and what the command has left: after the end of the command as well. */
  private void end(Process process, boolean ended) {
    List<ProcessHandle> family = ended ? List.of() : process.descendants().toList();
    try {
      if (ended) {
        process.getOutputStream().write('\n');
      }
      process.getOutputStream().close();
      process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (IOException brokenPipe) {
      // the shell has ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    if (process.isAlive()) { // else the output would be closed before it is read
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    Process process = running;
    if (process != null && process.isAlive()) {
      end(process, false);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // the hook runs
    }
  }
}
