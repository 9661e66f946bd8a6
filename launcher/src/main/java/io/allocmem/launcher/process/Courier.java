package io.allocmem.launcher.process;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Root's end of a second process, the courier. The courier runs as the target's user and does the
 * work that only this user may do.
 *
 * <p>The target's user can trace the courier, so the courier must own nothing of value. While the
 * courier has this uid, the process never has a capability. The courier has no new privileges, an
 * empty environment, a session without a terminal, only pipes as descriptors, no attach listener
 * and no performance data.
 *
 * <p>Answers of the courier come from another user: their bytes and time are limited. The courier
 * ends when its input ends, hence with this process, even after a crash.
 */
public final class Courier implements Closeable {
  /** Kind of the courier's first message. */
  public static final String READY = "ready";

  /** Kind of an error message; the part after the kind gives the reason. */
  public static final String FAILED = "failed";

  /** Class name as text: the class is in a higher layer and is not loaded here. */
  private static final String MAIN = "io.allocmem.launcher.courier.CourierMain";

  /** Time limit for the start of a JVM on a busy machine. */
  private static final long START_MILLIS = 10_000;

  /** Time added to the time limit of a request. */
  private static final long SLACK_MILLIS = 2_000;

  /** Directories of system programs, independent of PATH. */
  private static final List<String> DIRECTORIES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

  /** Capabilities that chroot(1) needs before chroot(1) drops all capabilities. */
  private static final String BECOMING = "-all,+setuid,+setgid,+sys_chroot";

  private static final List<String> OPTIONS =
      List.of(
          "-XX:+DisableAttachMechanism",
          "-XX:-UsePerfData",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx64m",
          "-Xshare:auto",
          "-Xlog:disable");

  private static final int UNREADABLE = 77;

  /** Stays the courier's parent, for the working directory. First arguments: java, launcher jar. */
  private static final String SHELL =
      """
      [ -x "$1" ] && [ -r "$2" ] || exit %d
      shift 2
      (cd / && unset PWD OLDPWD && exec "$@" $$)
      exit $?"""
          .formatted(UNREADABLE);

  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;

  private Courier(Process process) {
    this.process = process;
    this.out = new DataOutputStream(process.getOutputStream());
    this.in = new DataInputStream(process.getInputStream());
  }

  /**
   * Returns true if this process is root and the target has another user or group. JDK 8, and any
   * JVM in its own user namespace, accepts an attach from its own user only.
   */
  public static boolean isNeededFor(LinuxProcess target) {
    LinuxProcess self = LinuxProcess.self();
    boolean same = target.uid() == self.uid() && target.gid() == self.gid();
    return LinuxProcess.isSupported() && self.uid() == 0 && !same;
  }

  /**
   * Starts a courier for an attach. The courier's parent has the target's {@code /tmp} as working
   * directory; root has the right to enter this directory.
   *
   * @throws Failure if a safe start is impossible; the message has the command to run as that user
   */
  public static Courier inTemporary(LinuxProcess target) {
    return start(target, target.temporary().toFile());
  }

  /** Starts a courier for a target that root may not trace: the target's own user may. */
  static Courier beside(LinuxProcess target) {
    return start(target, new File("/"));
  }

  private static Courier start(LinuxProcess target, File directory) {
    RootRights.require(target);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<Path> jars = classPath();
    List<String> command = new ArrayList<>(becoming(target));
    command.addAll(List.of("/bin/sh", "-c", SHELL, "sh", java.toString(), jars.get(0).toString()));
    command.add(java.toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", join(jars), MAIN));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.directory(directory);
    Courier courier = start(builder, target);
    courier.awaitReady(target, java, jars);
    return courier;
  }

  private static Courier start(ProcessBuilder builder, LinuxProcess target) {
    try {
      return new Courier(builder.start());
    } catch (IOException e) {
      throw impossible(target, e.getMessage(), e);
    }
  }

  /**
   * Returns the command by which a root process becomes the target's user. setpriv(1) alone is not
   * safe. setpriv(1) keeps all capabilities beyond setuid(2) and drops them later, as a process of
   * the target's user. chroot(1) into the current root directory keeps no capability.
   */
  private static List<String> becoming(LinuxProcess target) {
    String user = "+" + Integer.toUnsignedString(target.uid());
    String group = "+" + Integer.toUnsignedString(target.gid());
    boolean root = target.uid() == 0; // uid 0, another gid: setuid(2) drops no capabilities
    String setpriv = tool("setpriv", target);
    List<String> words = new ArrayList<>(List.of(tool("setsid", target), setpriv));
    words.addAll(List.of("--no-new-privs", "--inh-caps=-all"));
    words.addAll(List.of("--bounding-set=" + BECOMING + (root ? ",+setpcap" : ""), "--"));
    words.addAll(List.of(tool("chroot", target), "--userspec=" + user + ":" + group));
    words.addAll(List.of("--groups=", "--skip-chdir", "/"));
    if (root) {
      words.addAll(List.of(setpriv, "--bounding-set=-all", "--"));
    }
    return words;
  }

  private static String tool(String name, LinuxProcess target) {
    return DIRECTORIES.stream()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    "process %d belongs to user %s, and there is no %s to become that user; install util-linux and coreutils, or: %s"
                        .formatted(target.pid(), target.user(), name, Remedy.asUserOf(target))));
  }

  /**
   * Not from a class's code source: a class archive has a path that only the bundle's start opens.
   */
  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }

  private static String join(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Sends no request before the courier's user and capabilities are checked. */
  private void awaitReady(LinuxProcess target, Path java, List<Path> jars) {
    try {
      Message first = within(START_MILLIS, () -> Message.readFrom(in));
      if (first.kind().equals(READY) && family().allMatch(p -> isPowerless(p, target))) {
        return;
      }
      throw new IOException("the process would have more rights than that user");
    } catch (IOException | TimeoutException e) {
      throw explain(e, target, java, jars);
    }
  }

  private Failure explain(Exception e, LinuxProcess target, Path java, List<Path> jars) {
    String said = stderr();
    close();
    return switch (process.isAlive() ? 0 : process.exitValue()) {
      case UNREADABLE ->
          new Failure(
              "user %s of JVM %d cannot run %s and read %s; put both where all users may read"
                  .formatted(target.user(), target.pid(), java, jars.get(0)));
      default -> impossible(target, said.isEmpty() ? e.toString() : said, e);
    };
  }

  private static Failure impossible(LinuxProcess target, String why, Exception cause) {
    return new Failure(
        "cannot safely become user %s of process %d (%s); as that user: %s"
            .formatted(target.user(), target.pid(), why, Remedy.asUserOf(target)),
        cause);
  }

  /** Returns the first line of the error output, at most 200 bytes. */
  private String stderr() {
    try {
      byte[] said =
          process.getErrorStream().readNBytes(Math.min(200, process.getErrorStream().available()));
      String line = new String(said, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      return line.replaceAll("\\p{Cntrl}", "?");
    } catch (IOException closed) {
      return "";
    }
  }

  private Stream<Long> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid);
  }

  private static boolean isPowerless(long pid, LinuxProcess target) {
    try {
      List<String> status =
          Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1);
      String uid = Integer.toUnsignedString(target.uid());
      return status.contains("Uid:\t" + String.join("\t", uid, uid, uid, uid))
          && Stream.of("CapInh", "CapPrm", "CapEff", "CapAmb")
              .allMatch(set -> status.contains(set + ":\t0000000000000000"));
    } catch (IOException ended) {
      return false;
    }
  }

  /**
   * Sends a request and returns the answer.
   *
   * @param millis time limit of the request
   * @throws IOException if no valid answer arrives; the courier is closed then
   */
  public synchronized Message ask(Message request, long millis) throws IOException {
    try {
      return within(
          millis + SLACK_MILLIS,
          () -> {
            request.writeTo(out);
            return Message.readFrom(in);
          });
    } catch (IOException | TimeoutException e) {
      close(); // a late answer must not be taken for an answer to the next request
      throw new IOException("the process of that user did not answer", e);
    }
  }

  private static Message within(long millis, java.util.concurrent.Callable<Message> exchange)
      throws IOException, TimeoutException {
    FutureTask<Message> task = new FutureTask<>(exchange);
    Thread thread = new Thread(task, "courier");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().toString(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Ends the courier: closes its input, then kills the process if necessary. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(SLACK_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (IOException brokenPipe) {
      // the courier has ended, or is killed below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
