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
 * Makes a JVM listen and sends it a request, with the rights of this process. Unlike the JDK's own
 * client it opens none of the names {@code /tmp/hsperfdata_*}, which anybody can make a FIFO, finds
 * a JVM with a {@code /tmp} of its own whatever JDK runs the launcher, and removes its file in any
 * case. Leaves no file, and ends in the time that it was given.
 */
public final class AttachClient {
  private static final ForeignFiles FILES = ForeignFiles.here();

  /** Until the JVM's file is there. */
  private static final long POLL_MILLIS = 5;

  private final LinuxProcess target;
  private final long start;
  private final Path socket;

  /** Where a JVM looks for the empty file: for its user's, and in both places. */
  private final List<Path> triggers;

  private final Map<Path, FileFacts> made = new HashMap<>();

  /**
   * @param temporary the target's {@code /tmp}, as it is seen from here
   * @param inside the pid by which the target knows itself
   * @param start of the process, by which a pid means one process for ever
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
   * @param agent its path as the JVM sees it, {@code =} and its arguments
   * @return what the JVM says
   * @throws ForeignFiles.LateException when the time is up
   */
  public String load(String agent, long millis) throws IOException {
    try {
      return TimeLimit.within(
          millis,
          "JVM " + target.pid(),
          () -> {
            awaitSocket();
            requireOwn(FILES.facts(socket));
            return new HotSpotClient(socket).load(agent); // a socket is closed when interrupted
          });
    } finally {
      removeTriggers();
    }
  }

  /**
   * The JVM looks for the empty file at a SIGQUIT; without it, it would print its threads. One
   * whose socket was removed looks when its listener is free again: after our time, maybe.
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
    // the shell's own: there is no kill in the JDK but for two signals
    new ProcessBuilder("/bin/sh", "-c", "kill -QUIT " + target.pid()).start().waitFor();
    while (!isThere(socket)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** What does not answer is not taken for missing: a signal would follow. */
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
   * Anybody can have taken the name in a {@code /tmp}, but not in the working directory as well.
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
    if (Thread.interrupted()) { // nobody waits any more, so nobody else removes it
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

  /** Another one's would take the agent into another JVM, or keep the JVM from listening. */
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
