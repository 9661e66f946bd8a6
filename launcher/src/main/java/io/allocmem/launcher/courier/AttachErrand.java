package io.allocmem.launcher.courier;

import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Message;
import io.allocmem.status.StartTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings the agent into one JVM: lays its jar, makes the JVM listen, sends the request, and fetches
 * both answers. Leaves no file, and ends in the time that it was given.
 */
public final class AttachErrand {
  /** The kind of the request. */
  public static final String KIND = "attach";

  /** The kind of an answer: the JVM's own words, and the agent's. */
  public static final String SAID = "said";

  /** The kind of an answer when the time was up: nothing of the JVM's, and maybe the agent's. */
  public static final String LATE = "late";

  /** The kind of an answer when the jar cannot be laid. */
  public static final String UNWRITABLE = "unwritable";

  /** An accepted plan is a sentence or two. */
  private static final int LONGEST_ANSWER = 8192;

  /** SIGQUIT is signal 3. */
  private static final long SIGQUIT_BIT = 0x4;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path temporary;
  private final long pid;
  private final long start;
  private final String key;
  private final String name;
  private final String arguments;
  private final long millis;
  private final Path socket;
  private final Path trigger;
  private final Path jar;

  /**
   * @param lent the target's {@code /tmp}, where root could open that
   */
  AttachErrand(Path lent, Message request) {
    this.pid = request.number(0);
    this.key = request.text(3);
    this.temporary = key.isEmpty() ? new LinuxProcess(pid).temporary() : lent;
    long inside = request.number(1);
    this.start = request.number(2);
    this.name = request.text(4);
    this.arguments = request.text(5);
    this.millis = request.number(6);
    this.socket = temporary.resolve(".java_pid" + inside);
    this.trigger = temporary.resolve(".attach_pid" + inside);
    this.jar = temporary.resolve(name);
  }

  /**
   * The request for it.
   *
   * @param start of the process, by which a pid means one process for ever
   * @param key of its {@code /tmp}, as {@link #keyOf} tells it; empty when root could not look
   * @param name of the agent's jar there, of a file that is not there yet
   */
  public static Message request(
      long pid, long inside, long start, String key, String name, String arguments, long millis) {
    return Message.of(KIND, pid, inside, start, key, name, arguments, millis);
  }

  /** Device and inode: what a directory is, whatever its path. */
  public static String keyOf(Path directory, LinkOption... options) throws IOException {
    Map<String, Object> found = Files.readAttributes(directory, "unix:dev,ino", options);
    return found.get("dev") + ":" + found.get("ino");
  }

  Message run() throws IOException {
    if (!key.isEmpty() && !key.equals(keyOf(temporary))) {
      throw new IOException("the /tmp of that JVM is another directory by now");
    }
    try {
      try {
        layJar();
      } catch (IOException unwritable) {
        return Message.of(UNWRITABLE, unwritable);
      }
      return load();
    } finally {
      remove(jar);
      remove(answerFile());
      remove(trigger);
    }
  }

  private Path answerFile() {
    return Path.of(jar + ".answer");
  }

  private void layJar() throws IOException {
    try (InputStream inside = AttachErrand.class.getResourceAsStream("/allocmem-agent.jar");
        OutputStream out = create(jar)) {
      if (inside == null) {
        throw new IOException("the agent is missing in this launcher");
      }
      inside.transferTo(out);
    }
    create(answerFile()).close();
  }

  /** Never what is there already, and never through a link. */
  private static OutputStream create(Path file) throws IOException {
    Set<StandardOpenOption> exclusively =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return java.nio.channels.Channels.newOutputStream(
        Files.newByteChannel(file, exclusively, OWNER_ONLY));
  }

  private Message load() throws IOException {
    HotSpotClient client = new HotSpotClient(socket);
    FutureTask<String> attempt =
        new FutureTask<>(
            () -> {
              awaitSocket();
              return client.load(arguments);
            });
    Thread thread = new Thread(attempt, "attach");
    thread.setDaemon(true);
    thread.start();
    try {
      return Message.of(SAID, attempt.get(millis, TimeUnit.MILLISECONDS), answer());
    } catch (TimeoutException late) {
      attempt.cancel(true); // closes the socket as well
      return Message.of(LATE, "", answer());
    } catch (ExecutionException failed) {
      return Message.of(Courier.FAILED, failed.getCause());
    } catch (InterruptedException nobodyDoes) {
      throw new IOException(nobodyDoes);
    }
  }

  /** The JVM looks for the empty file at a SIGQUIT; without it, it would print its threads. */
  private void awaitSocket() throws IOException, InterruptedException {
    if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      create(trigger).close();
    } catch (FileAlreadyExistsException another) {
      requireOwn();
    }
    if (StartTime.of(Long.toString(pid)) != start || !catchesSigquit()) {
      throw new IOException("process " + pid + " is no longer the JVM that was looked at");
    }
    // the shell's own: there is no kill in the JDK but for two signals
    new ProcessBuilder("/bin/sh", "-c", "kill -QUIT " + pid).start().waitFor();
    while (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      Thread.sleep(5);
    }
  }

  private void requireOwn() throws IOException {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Map<String, Object> found =
        Files.readAttributes(trigger, "unix:uid,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    if (!uid.equals(found.get("uid")) || !found.get("isRegularFile").equals(true)) {
      throw new IOException(
          "/tmp/" + trigger.getFileName() + " there is another user's; remove it");
    }
  }

  private boolean catchesSigquit() throws IOException {
    String status =
        Files.readString(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1);
    return status
        .lines()
        .filter(line -> line.startsWith("SigCgt:"))
        .anyMatch(
            line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGQUIT_BIT) != 0);
  }

  private byte[] answer() throws IOException {
    if (!Files.isRegularFile(answerFile(), LinkOption.NOFOLLOW_LINKS)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(answerFile(), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(LONGEST_ANSWER);
    }
  }

  /** What is not ours by now is left where it is: this process may remove only its user's. */
  private static void remove(Path file) {
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(file);
      }
    } catch (IOException gone) {
      return;
    }
  }
}
