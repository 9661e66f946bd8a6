package io.allocmem.launcher.courier;

import io.allocmem.control.StartTime;
import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a JVM listen and sends a request, with the rights of this process. Differences to the JDK's
 * own client:
 *
 * <ul>
 *   <li>opens no file named {@code /tmp/hsperfdata_*}: any user can create a FIFO under this name
 *   <li>finds a JVM with its own {@code /tmp} (mount namespace), whatever JDK runs the launcher
 *   <li>removes its trigger file in any case
 * </ul>
 *
 * <p>Leaves no file, and ends within the given time.
 */
public final class AttachClient {
  /** Text of the exception if the request is too long for the protocol of this JVM. */
  public static final String TOO_LONG = "jar path and arguments are over 1023 bytes together";

  private static final ForeignFiles FILES = ForeignFiles.here();

  /** Polling interval while waiting for the JVM's socket file. */
  private static final long POLL_MILLIS = 5;

  private final LinuxProcess target;
  private final long start;
  private final Path socket;

  /** Trigger files: the JVM looks for an empty file of its own user in both directories. */
  private final List<Path> triggers;

  private final Map<Path, FileFacts> made = new HashMap<>();

  /**
   * @param temporary the target's {@code /tmp}, as a path from here
   * @param inside pid of the target in its own pid namespace
   * @param start start time of the process: pid and start time identify a process forever
   */
  public AttachClient(LinuxProcess target, Path temporary, long inside, long start) {
    this.target = target;
    this.start = start;
    this.socket = temporary.resolve(".java_pid" + inside);
    String name = ".attach_pid" + inside;
    this.triggers = List.of(temporary.resolve(name), target.workingDirectory().resolve(name));
  }

  /**
   * Loads an agent's jar.
   *
   * @param agent jar path as the JVM sees the path, {@code =} and the agent's arguments
   * @return answer of the JVM
   * @throws ForeignFiles.LateException if the time limit is over
   */
  public String load(String agent, long millis) throws IOException {
    try {
      return TimeLimit.within(
          millis,
          "JVM " + target.pid(),
          () -> {
            awaitSocket();
            requireOwn(FILES.facts(socket));
            return new HotSpotClient(socket).load(agent); // an interrupt closes the socket
          });
    } finally {
      removeTriggers();
    }
  }

  /**
   * Makes the JVM create its socket. On SIGQUIT the JVM looks for a trigger file; without a trigger
   * file the JVM would print its threads. If the socket file was removed, the JVM looks once the
   * attach listener is free, possibly after the time limit.
   */
  private void awaitSocket() throws IOException, InterruptedException {
    while (!isThere(socket) && new AttachThread(target).isBusy()) {
      Thread.sleep(POLL_MILLIS);
    }
    if (isThere(socket)) {
      return;
    }
    makeTrigger();
    if (StartTime.of(Long.toString(target.pid())) != start || !target.catchesSigquit()) {
      throw new IOException("process " + target.pid() + " is no longer the JVM that was looked at");
    }
    // kill of the shell: the JDK itself can send two signals only
    new ProcessBuilder("/bin/sh", "-c", "kill -QUIT " + target.pid()).start().waitFor();
    while (!isThere(socket)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Does not take a late answer for a missing file: a signal would follow. */
  private static boolean isThere(Path file) throws ForeignFiles.LateException {
    try {
      FILES.facts(file);
      return true;
    } catch (ForeignFiles.LateException late) {
      throw late;
    } catch (IOException missing) {
      return false;
    }
  }

  /**
   * Tries both directories: any user can occupy the name in {@code /tmp}, but not in the working
   * directory as well.
   */
  private void makeTrigger() throws IOException {
    IOException taken = null;
    for (Path trigger : triggers) {
      try {
        keep(trigger, createOrFind(trigger));
        return;
      } catch (IOException unusable) {
        taken = taken == null ? unusable : taken;
      }
    }
    throw taken;
  }

  private synchronized void keep(Path trigger, FileFacts facts) throws IOException {
    made.put(trigger, facts);
    if (Thread.interrupted()) { // no caller waits, so nobody else removes the file
      FILES.delete(trigger, facts);
      throw new IOException("is not waited for any more");
    }
  }

  private FileFacts createOrFind(Path trigger) throws IOException {
    try {
      return FILES.create(trigger, new byte[0]);
    } catch (FileAlreadyExistsException another) {
      FileFacts found = FILES.facts(trigger);
      if (!found.isFile() || found.uid() != target.uid()) {
        throw new IOException(
            "/tmp/" + trigger.getFileName() + " there is another user's; remove it", another);
      }
      return found;
    }
  }

  /**
   * Rejects a socket of another user. Such a socket could lead the agent into another JVM, or keep
   * the JVM from listening.
   */
  private void requireOwn(FileFacts found) throws IOException {
    if (!found.isSocket() || found.uid() != target.uid()) {
      throw new IOException("/tmp/" + found.name() + " there is another user's; remove it");
    }
  }

  private synchronized void removeTriggers() {
    made.forEach(
        (trigger, facts) -> {
          try {
            FILES.delete(trigger, facts);
          } catch (IOException gone) {
            return;
          }
        });
  }
}
