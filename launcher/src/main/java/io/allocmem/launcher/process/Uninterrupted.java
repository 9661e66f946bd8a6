package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a process that ignores Ctrl+C. A terminal signals this process and the child; this process
 * then ends the child in order. A shell ignores the signal and becomes the program: a signal that
 * is ignored stays ignored. A JVM that ignores SIGINT once cannot catch SIGINT again.
 */
public final class Uninterrupted {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final List<String> IGNORE = List.of("-c", "trap '' INT; exec \"$@\"", "sh");

  /** Time limit of the shell, for a program that is a script of the shell. */
  private static final long EXEC_MILLIS = 1_000;

  private Uninterrupted() {}

  /**
   * Starts the program of the builder. After the return the process is the program, not the shell.
   * Without a shell, Ctrl+C reaches the child.
   */
  public static Process start(ProcessBuilder builder) throws IOException, InterruptedException {
    Path program = Path.of(builder.command().get(0));
    if (!Files.isExecutable(SHELL) || !Files.isExecutable(program)) {
      return builder.start();
    }
    List<String> command = new ArrayList<>(List.of(SHELL.toString()));
    command.addAll(IGNORE);
    command.addAll(builder.command());
    Process process = builder.command(command).start();
    String shell = SHELL.toRealPath().toString();
    long start = System.nanoTime();
    while (process.info().command().filter(shell::equals).isPresent()
        && System.nanoTime() - start < EXEC_MILLIS * 1_000_000) {
      Thread.sleep(1);
    }
    return process;
  }
}
